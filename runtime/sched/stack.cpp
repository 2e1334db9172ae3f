#include "runtime/sched/stack.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "runtime/abi/function.h"
#include "runtime/base/mutex.h"
#include "runtime/base/throw.h"
#include "runtime/heap/mheap.h"
#include "runtime/sched/executor.h"
#include "runtime/sched/traceback.h"

namespace mgo::rt {
namespace {

// Chunks of 1 KB << class come from free lists; larger ones from the system.
constexpr uint32_t kPooledClasses = 6;
// Gs and pooled chunks are cut from slabs of this size.
constexpr uint64_t kSlabBytes = 64 << 10;

Mutex pool_lock(LockRank::kStackPool);
StackChunk*
    free_chunks[kPooledClasses];  // linked by next; protector: pool_lock
uintptr_t slab_next = 0;          // protector: pool_lock
uintptr_t slab_end = 0;           // protector: pool_lock
std::atomic<uint64_t> bytes_in_use{0};
std::atomic<uint64_t> max_stack{kDefaultMaxStack};

uint64_t ChunkBytes(const StackChunk* chunk) {
  return sizeof(StackChunk) + uint64_t{chunk->slots} * sizeof(Slot);
}

// Zero memory from the slab; pool_lock held.
void* CutSlab(uint64_t bytes) {
  if (slab_end - slab_next < bytes) {
    slab_next = reinterpret_cast<uintptr_t>(PersistentAlloc(kSlabBytes));
    slab_end = slab_next + kSlabBytes;
  }
  void* p = reinterpret_cast<void*>(slab_next);
  slab_next += bytes;
  return p;
}

StackChunk* NewChunk(uint64_t bytes) {
  uint32_t c = 0;
  while (kMinChunkBytes << c < bytes) c++;
  bytes = kMinChunkBytes << c;
  StackChunk* chunk;
  if (c < kPooledClasses) {
    MutexLock guard(pool_lock);
    chunk = free_chunks[c];
    if (chunk != nullptr) {
      free_chunks[c] = chunk->next;
    } else {
      chunk = static_cast<StackChunk*>(CutSlab(bytes));
    }
  } else {
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) Throw("out of memory");
    chunk = static_cast<StackChunk*>(p);
  }
  bytes_in_use.fetch_add(bytes, std::memory_order_relaxed);
  memset(static_cast<void*>(chunk), 0, sizeof *chunk);
  chunk->slots =
      static_cast<uint32_t>((bytes - sizeof(StackChunk)) / sizeof(Slot));
  return chunk;
}

void FreeChunk(G* g, StackChunk* chunk) {
  uint64_t bytes = ChunkBytes(chunk);
  g->stack_bytes -= bytes;
  bytes_in_use.fetch_sub(bytes, std::memory_order_relaxed);
  uint32_t c = 0;
  while (kMinChunkBytes << c < bytes) c++;
  if (c >= kPooledClasses) {
    munmap(chunk, bytes);
    return;
  }
  MutexLock guard(pool_lock);
  chunk->next = free_chunks[c];
  free_chunks[c] = chunk;
}

void FreeChunksAfter(G* g, StackChunk* chunk) {
  StackChunk* next = chunk->next;
  chunk->next = nullptr;
  while (next != nullptr) {
    StackChunk* after = next->next;
    FreeChunk(g, next);
    next = after;
  }
}

// The next chunk, with room for `slots`; null: over the limit.
StackChunk* NextChunk(G* g, uint64_t slots) {
  StackChunk* chunk = g->stack;
  StackChunk* next = chunk->next;
  if (next != nullptr) {
    if (next->slots >= slots) return next;
    FreeChunksAfter(g, chunk);
  }
  uint64_t bytes = ChunkBytes(chunk) * 4;
  uint64_t needed = sizeof(StackChunk) + slots * sizeof(Slot);
  while (bytes < needed) bytes *= 2;
  if (g->stack_bytes + bytes > max_stack.load(std::memory_order_relaxed)) {
    return nullptr;
  }
  next = NewChunk(bytes);
  g->stack_bytes += ChunkBytes(next);
  next->prev = chunk;
  chunk->next = next;
  return next;
}

}  // namespace

G* AllocG() {
  static_assert(sizeof(G) + sizeof(StackChunk) + 32 * sizeof(Slot) <=
                kGBlockBytes);
  G* g;
  {
    MutexLock guard(pool_lock);
    g = static_cast<G*>(CutSlab(kGBlockBytes));
  }
  auto* chunk = reinterpret_cast<StackChunk*>(g + 1);
  chunk->slots = static_cast<uint32_t>(
      (kGBlockBytes - sizeof(G) - sizeof(StackChunk)) / sizeof(Slot));
  g->stack = chunk;
  bytes_in_use.fetch_add(kGBlockBytes, std::memory_order_relaxed);
  return g;
}

void ResetStackLimit(G* g) {
  g->exec.stack_limit.store(g->stack->End(), std::memory_order_seq_cst);
  // A request that came in between must not be lost: its null limit may just
  // have been overwritten.
  if (g->exec.stop.load(std::memory_order_seq_cst) != 0) {
    g->exec.stack_limit.store(nullptr, std::memory_order_relaxed);
  }
}

Slot* EnterChunk(G* g, Slot* args, const CodeWord* return_pc, Slot* caller_fp,
                 const Function* callee) {
  StackChunk* next = NextChunk(g, callee->frame_slots + kFrameHeaderSlots);
  if (next == nullptr) return nullptr;
  next->return_pc = return_pc;
  next->caller_args = args;
  next->result_slots = callee->result_slots;
  Slot* fp = next->Begin() + kFrameHeaderSlots;
  // One more than the parameters: the closure pointer.
  uint64_t copied = callee->result_slots + callee->param_slots + 1;
  if (copied > callee->frame_slots) copied = callee->frame_slots;
  memcpy(fp, args, copied * sizeof(Slot));
  fp[-2] = reinterpret_cast<Slot>(GetExecutor().chunk_return_pc);
  fp[-1] = reinterpret_cast<Slot>(caller_fp);
  g->stack = next;
  ResetStackLimit(g);
  return fp;
}

const CodeWord* LeaveChunk(G* g) {
  StackChunk* chunk = g->stack;
  memcpy(chunk->caller_args, chunk->Begin() + kFrameHeaderSlots,
         chunk->result_slots * sizeof(Slot));
  FreeChunksAfter(g, chunk);
  g->stack = chunk->prev;
  ResetStackLimit(g);
  return chunk->return_pc;
}

void UnwindToFrame(G* g, const Slot* fp) {
  StackChunk* chunk = g->stack;
  if (chunk->Contains(fp)) return;
  while (!chunk->Contains(fp)) {
    chunk = chunk->prev;
    if (chunk == nullptr) Throw("frame is in no stack chunk");
  }
  if (chunk->next != nullptr) FreeChunksAfter(g, chunk->next);
  g->stack = chunk;
  ResetStackLimit(g);
}

Slot* FirstFrame(G* g, const Function* function, uint64_t min_slots) {
  uint64_t slots =
      std::max<uint64_t>(function->frame_slots + kFrameHeaderSlots, min_slots);
  if (g->stack->slots < slots) {
    StackChunk* next = NextChunk(g, slots);
    if (next == nullptr) ThrowStackOverflow(g);
    g->stack = next;
  }
  // Nobody else knows the goroutine: a request to stop can only be an old one.
  g->exec.stop.store(0, std::memory_order_relaxed);
  g->exec.stack_limit.store(g->stack->End(), std::memory_order_relaxed);
  return g->stack->Begin() + kFrameHeaderSlots;
}

void FreeKeptChunk(G* g) { FreeChunksAfter(g, g->stack); }

void FreeStack(G* g) {
  auto* first = reinterpret_cast<StackChunk*>(g + 1);
  FreeChunksAfter(g, first);
  g->stack = first;
}

uint64_t SetMaxStack(uint64_t bytes) { return max_stack.exchange(bytes); }

void ThrowStackOverflow(G* g) {
  ClaimEnd();
  PrintError("runtime: goroutine stack exceeds %llu-byte limit\n",
             static_cast<unsigned long long>(max_stack.load()));
  Throw("stack overflow");
}

uint64_t StackBytesInUse() {
  return bytes_in_use.load(std::memory_order_relaxed);
}

}  // namespace mgo::rt
