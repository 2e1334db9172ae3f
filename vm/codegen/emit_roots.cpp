// Root maps and line tables.
#include <algorithm>
#include <cassert>

#include "vm/codegen/emit.h"

namespace mgo::codegen {

void Emitter::SetMapBits(PendingMap& map, uint32_t slot,
                         const uint64_t* pointers, const uint64_t* iface_data,
                         uint32_t slots, uint32_t from) {
  for (uint32_t i = 0; i < slots; i++) {
    uint32_t bit = from + i;
    uint64_t mask = uint64_t{1} << (bit % 64);
    bool pointer = pointers != nullptr && (pointers[bit / 64] & mask) != 0;
    bool data = iface_data != nullptr && (iface_data[bit / 64] & mask) != 0;
    if (!pointer && !data) continue;
    uint32_t at = slot + i;
    size_t words = at / 64 + 1;
    if (map.pointers.size() < words) map.pointers.resize(words);
    uint64_t set = uint64_t{1} << (at % 64);
    if (pointer) map.pointers[at / 64] |= set;
    if (data) {
      if (map.iface_data.size() < words) map.iface_data.resize(words);
      map.iface_data[at / 64] |= set;
    }
  }
}

void Emitter::AddMap(uint32_t offset, const llvm::BitVector& live,
                     llvm::ArrayRef<LiveValue> extra) {
  auto [known, is_new] =
      map_index_.try_emplace(offset, static_cast<uint32_t>(code_.maps.size()));
  if (is_new) code_.maps.push_back({offset, {}, {}});
  PendingMap* map = &code_.maps[known->second];
  bool at_entry = offset == 0 && number_ == 0;
  for (size_t r = 0; r < f_.regs.size(); r++) {
    const ir::RegInfo& reg = f_.regs[r];
    uint32_t slot = slots_.slot[r];
    if (slot == SlotAssignment::kNone || reg.slots == 0) continue;
    if (reg.pointers.empty() && reg.iface_data.empty()) continue;
    const uint64_t* pointers =
        reg.pointers.empty() ? nullptr : reg.pointers.data();
    const uint64_t* data =
        reg.iface_data.empty() ? nullptr : reg.iface_data.data();
    uint32_t count = liveness_.unit_count[r];
    if (reg.in_memory) {
      // Cleared at the entry, so from there on always valid.
      if (!at_entry) {
        SetMapBits(*map, slot, pointers, data, reg.slots, 0);
      }
      continue;
    }
    uint32_t first = liveness_.first_unit[r];
    auto is_live = [&](uint32_t unit) {
      return live.test(unit) || (!at_entry && liveness_.always.test(unit));
    };
    if (count == 1) {
      if (is_live(first)) {
        SetMapBits(*map, slot, pointers, data, reg.slots, 0);
      }
      continue;
    }
    for (uint32_t i = 0; i < count; i++) {
      // An interface's data word is only worth as much as its type word.
      bool wanted = is_live(first + i);
      bool is_data = data != nullptr && ((data[i / 64] >> (i % 64)) & 1) != 0;
      if (wanted && is_data && i > 0) wanted = is_live(first + i - 1);
      if (wanted) {
        SetMapBits(*map, slot + i, pointers, data, 1, i);
      }
    }
  }
  for (const LiveValue& value : extra) {
    ir::RegInfo info;
    info.type = value.type;
    ir::SetRegMasks(info);
    SetMapBits(*map, value.slot,
               info.pointers.empty() ? nullptr : info.pointers.data(),
               info.iface_data.empty() ? nullptr : info.iface_data.data(),
               info.slots, 0);
  }
}

// The most that a line entry can hold.
static constexpr uint32_t kLastLine = (uint32_t{1} << 29) - 1;

void Emitter::NoteLine(const Instr& instr) {
  if (!instr.pos.IsValid()) return;
  const diag::SourceFile* file = line_file_;
  uint32_t offset = 0;
  auto within = [&](const diag::SourceFile* candidate) {
    if (candidate == nullptr || instr.pos < candidate->Base()) return false;
    offset = instr.pos.offset - candidate->Base().offset;
    return offset <= candidate->Text().size();
  };
  if (!within(file)) {
    file = sources_.FileOf(instr.pos);
    if (!within(file)) return;
    line_file_ = file;
  }
  diag::Location at = file->Place(offset);
  uint16_t number = UINT16_MAX;
  for (auto [known, n] : file_numbers_) {
    if (known == at.file.data()) number = n;
  }
  if (number == UINT16_MAX) {
    number = static_cast<uint16_t>(code_.files.size());
    code_.files.push_back(at.file);
    file_numbers_.push_back({at.file.data(), number});
  }
  rt::LineEntry entry{Here(),
                      std::min(static_cast<uint32_t>(at.line), kLastLine),
                      instr.unsigned_bounds, number, instr.inline_site};
  if (!code_.lines.empty()) {
    rt::LineEntry& last = code_.lines.back();
    if (last.line == entry.line && last.file == entry.file &&
        last.inlined == entry.inlined &&
        last.unsigned_bounds == entry.unsigned_bounds) {
      return;
    }
    if (last.offset == entry.offset) {
      last = entry;
      return;
    }
  }
  code_.lines.push_back(entry);
}

}  // namespace mgo::codegen
