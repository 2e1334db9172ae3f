#include "runtime/sched/callers.h"

namespace mgo::rt {
namespace {

constexpr int kDepthShift = 48;
constexpr uint64_t kAddressMask = (uint64_t{1} << kDepthShift) - 1;
// Odd, as all are; no code is in the first page.
constexpr uint64_t kMainAddress = 0x101;
constexpr uint64_t kGoexitAddress = 0x201;
constexpr uint64_t kGopanicAddress = 0x301;

// Takes what is to be returned.
struct Output {
  int64_t skip;
  uint64_t* out;
  int64_t limit;
  int64_t count = 0;

  bool Full() const { return count >= limit; }
  void Add(uint64_t address) {
    if (skip-- > 0 || Full()) return;
    out[count++] = address;
  }
};

// How many calls were inlined at a place.
uint64_t InlineDepth(const Function* f, const CodeWord* at) {
  const LineEntry* line = FindLine(f, static_cast<uint32_t>(at - f->entry));
  uint32_t site = line == nullptr ? 0 : line->inlined;
  uint64_t depth = 0;
  for (; site != 0; site = f->inlined[site - 1].parent) depth++;
  return depth;
}

// The address of the code word.
uint64_t Rounded(uint64_t address) {
  return (address & kAddressMask) & ~uint64_t{7};
}

// What an address is that is no code's; null: it may be code's.
const char* NameOfNoCode(uint64_t rounded) {
  struct Row {
    uint64_t address;
    const char* name;
  };
  for (Row row : {Row{kMainAddress, "runtime.main"},
                  Row{kGoexitAddress, "runtime.goexit"},
                  Row{kGopanicAddress, "runtime.gopanic"}}) {
    if (rounded == Rounded(row.address)) return row.name;
  }
  return nullptr;
}

}  // namespace

int64_t CallersOf(G* g, int64_t skip, uint64_t* out, int64_t limit) {
  Output output{skip, out, limit};
  for (FrameWalker w(g); w.Valid() && !output.Full(); w.Next()) {
    if (w.unwinding && !w.is_call) output.Add(kGopanicAddress);
    // As in VisitTrace: most instructions that stop a frame have been passed.
    bool passed = w.pc != w.function->entry && w.pc != g->retry_pc;
    const CodeWord* at = w.is_call || passed ? w.pc - 1 : w.pc;
    uint64_t address = reinterpret_cast<uint64_t>(at) + 1;
    uint64_t depth = InlineDepth(w.function, at);
    for (uint64_t inner = 0; inner < depth; inner++) {
      output.Add(address | inner << kDepthShift);
    }
    if ((w.function->flags & kWrapper) != 0) continue;
    output.Add(address | depth << kDepthShift);
  }
  if (g->goid == 1) output.Add(kMainAddress);
  output.Add(kGoexitAddress);
  return output.count;
}

bool DescribeCaller(uint64_t address, TraceFrame* frame) {
  uint64_t rounded = Rounded(address);
  if (const char* name = NameOfNoCode(rounded)) {
    *frame = {name, "$GOROOT/runtime/runtime.mgo", 1};
    return true;
  }
  const auto* at = reinterpret_cast<const CodeWord*>(rounded);
  const Function* f = FindFunction(at);
  if (f == nullptr) return false;
  *frame = FrameAt(f, at, false);
  const LineEntry* line = FindLine(f, static_cast<uint32_t>(at - f->entry));
  uint32_t site = line == nullptr ? 0 : line->inlined;
  uint64_t depth = address >> kDepthShift;
  for (; depth != 0 && site != 0; depth--) {
    const InlineSite& s = f->inlined[site - 1];
    frame->file = f->files == nullptr ? "?" : f->files[s.call_file];
    frame->line = s.call_line;
    site = s.parent;
    frame->function = site == 0 ? f->name : f->inlined[site - 1].function_name;
  }
  return true;
}

uint64_t EntryOfCaller(uint64_t address) {
  uint64_t rounded = Rounded(address);
  if (NameOfNoCode(rounded) != nullptr) return rounded;
  const Function* f = FindFunction(reinterpret_cast<const CodeWord*>(rounded));
  return reinterpret_cast<uint64_t>(f == nullptr ? nullptr : f->entry);
}

}  // namespace mgo::rt
