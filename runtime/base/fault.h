// Memory faults.
//
// No correct program makes the interpreter touch memory that is not there. A
// program with data races can, as in Go: a string or interface that was read
// while somebody wrote it has one word of each. And unsafe.Pointer can.
#ifndef MGO_RUNTIME_BASE_FAULT_H_
#define MGO_RUNTIME_BASE_FAULT_H_

namespace mgo::rt {

// From now on a fault ends the process with Go's fatal error and status 2
// instead of a signal. Not with GOTRACEBACK=crash, nor under sanitizers: then
// it is left to them. There is no trace: the state of the goroutine is unknown.
void CatchFaults();

}  // namespace mgo::rt

#endif  // MGO_RUNTIME_BASE_FAULT_H_
