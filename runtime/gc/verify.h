// GODEBUG=gcverify=1: marks again, into a set instead of mark bits, and
// compares.
#ifndef MGO_RUNTIME_GC_VERIFY_H_
#define MGO_RUNTIME_GC_VERIFY_H_

#include <cstdint>
#include <unordered_set>

namespace mgo::rt {

// Objects found reachable.
class VerifySet {
 public:
  // True: it was not in.
  bool Add(uintptr_t object) { return objects_.insert(object).second; }
  bool Contains(uintptr_t object) const { return objects_.count(object) != 0; }

 private:
  std::unordered_set<uintptr_t> objects_;
};

// After marking, world stopped: every reachable object must be marked, and with
// `exact` every marked one be reachable. Ends the process when not. Also checks
// that no pointer leads to free memory (row invalidptr).
void VerifyMarks(bool exact);

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_GC_VERIFY_H_
