#include "vm/bytecode/disassemble.h"

#include <cinttypes>
#include <cstdio>

namespace mgo::bytecode {
namespace {

void Append(std::string* out, const char* format, auto... args) {
  char buffer[256];
  std::snprintf(buffer, sizeof(buffer), format, args...);
  *out += buffer;
}

void AppendSlot(std::string* out, uint16_t slot) {
  if (slot == kNoSlot) {
    *out += " -";
  } else {
    Append(out, " %u", unsigned{slot});
  }
}

void AppendWord(std::string* out, const Inst& inst, int word,
                const WordNamer& namer) {
  std::string name = namer ? namer(inst, word) : "";
  if (!name.empty()) {
    *out += " " + name;
  } else {
    Append(out, " #%" PRId64, static_cast<int64_t>(inst.Word(word)));
  }
}

// Operands that come before the words, and branch targets.
void AppendOperands(std::string* out, const Inst& inst, Format format,
                    uint32_t offset) {
  auto target = [&](int32_t jump) {
    Append(out, " ->%u", offset + static_cast<uint32_t>(jump));
  };
  switch (format) {
    case Format::kNone:
      break;
    case Format::kA:
    case Format::kAW:
    case Format::kAWW:
    case Format::kTable:
      AppendSlot(out, inst.a);
      break;
    case Format::kAB:
    case Format::kABW:
    case Format::kABWW:
      AppendSlot(out, inst.a);
      AppendSlot(out, inst.b);
      break;
    case Format::kABC:
    case Format::kABCW:
      AppendSlot(out, inst.a);
      AppendSlot(out, inst.b);
      AppendSlot(out, inst.c);
      break;
    case Format::kABi:
      AppendSlot(out, inst.a);
      AppendSlot(out, inst.b);
      Append(out, " #%d", static_cast<int16_t>(inst.c));
      break;
    case Format::kABu:
    case Format::kABuW:
      AppendSlot(out, inst.a);
      AppendSlot(out, inst.b);
      Append(out, " #%u", unsigned{inst.c});
      break;
    case Format::kAiu:
      AppendSlot(out, inst.a);
      Append(out, " #%d #%u", static_cast<int16_t>(inst.b), unsigned{inst.c});
      break;
    case Format::kAu:
    case Format::kAuW:
      AppendSlot(out, inst.a);
      Append(out, " #%u", unsigned{inst.b});
      break;
    case Format::kA32:
      AppendSlot(out, inst.a);
      Append(out, " #%d", inst.Imm32());
      break;
    case Format::kJ32:
      target(inst.Imm32());
      break;
    case Format::kAJ32:
      AppendSlot(out, inst.a);
      target(inst.Imm32());
      break;
    case Format::kABJ:
      AppendSlot(out, inst.a);
      AppendSlot(out, inst.b);
      target(static_cast<int16_t>(inst.c));
      break;
    case Format::kAiJ:
      AppendSlot(out, inst.a);
      Append(out, " #%d", static_cast<int16_t>(inst.b));
      target(static_cast<int16_t>(inst.c));
      break;
  }
}

void AppendRootMaps(std::string* out, const rt::Function& function) {
  for (uint32_t i = 0; i < function.root_map_count; i++) {
    const rt::RootMap& map = function.root_maps[i];
    Append(out, "  roots @%u:", map.offset);
    for (uint32_t slot = 0; slot < map.slot_count; slot++) {
      uint64_t bit = uint64_t{1} << (slot % 64);
      if ((map.pointers[slot / 64] & bit) != 0) Append(out, " %u", slot);
      if (map.iface_data != nullptr && (map.iface_data[slot / 64] & bit) != 0) {
        Append(out, " %ui", slot);
      }
    }
    *out += "\n";
  }
}

}  // namespace

int LengthOf(const Inst& inst) {
  Format format = InfoOf(static_cast<Opcode>(inst.op)).format;
  int words = WordsOf(format);
  return format == Format::kTable ? words + inst.b + 1 : words;
}

void Disassemble(const rt::Function& function, const WordNamer& namer,
                 std::string* out) {
  *out += std::string(function.name) + ":";
  Append(out, " frame %u, results %u, params %u\n", function.frame_slots,
         function.result_slots, function.param_slots);
  const rt::LineEntry* shown = nullptr;
  for (uint32_t at = 0; at < function.code_words;) {
    const Inst& inst = *reinterpret_cast<const Inst*>(function.entry + at);
    const OpcodeInfo& info = InfoOf(static_cast<Opcode>(inst.op));
    const rt::LineEntry* line = rt::FindLine(&function, at);
    if (line != shown && line != nullptr) {
      Append(out, "  ; line %u\n", line->line);
      shown = line;
    }
    Append(out, "  %4u  %-16s", at, info.name);
    AppendOperands(out, inst, info.format, at);
    int length = LengthOf(inst);
    for (int word = 1; word < length; word++) {
      if (info.format == Format::kTable) {
        Append(out, " ->%u", at + static_cast<uint32_t>(inst.Word(word)));
      } else {
        AppendWord(out, inst, word, namer);
      }
    }
    *out += "\n";
    at += static_cast<uint32_t>(length);
  }
  AppendRootMaps(out, function);
}

}  // namespace mgo::bytecode
