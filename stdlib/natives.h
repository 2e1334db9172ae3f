// The native functions of all packages; natives.def lists them.
#ifndef MGO_STDLIB_NATIVES_H_
#define MGO_STDLIB_NATIVES_H_

#include "runtime/abi/native.h"

namespace mgo::stdlib {

// Each is called as its Go declaration in a .mgo file says.
#define NATIVE(name, function) rt::NativeStatus function(rt::NativeFrame& f);
#include "stdlib/natives.def"
#undef NATIVE

}  // namespace mgo::stdlib

#endif  // MGO_STDLIB_NATIVES_H_
