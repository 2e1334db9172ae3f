// How an uncaught panic shows its value.
#include "runtime/gc/mutator.h"
#include "runtime/object/iface.h"
#include "runtime/object/print.h"
#include "runtime/object/string.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::Kind;
using rt::NativeFrame;
using rt::NativeStatus;

namespace {

// Kinds that are shown by their value.
bool IsBasicKind(Kind kind) {
  return (kind >= Kind::kBool && kind <= Kind::kComplex128) ||
         kind == Kind::kString;
}

}  // namespace

// func valueText(v any) string
NativeStatus RuntimeValueText(NativeFrame& f) {
  rt::GoIface value = f.Iface(2);
  const rt::TypeDesc* type = value.Type();
  rt::PrintBuffer out;
  bool predeclared = type->package_path.empty() && !type->name.empty();
  if (!IsBasicKind(type->kind)) {
    out.Text("(");
    out.Text(type->string);
    out.Text(") ");
    out.Hex(value.data);
  } else if (predeclared) {
    out.Value(type, rt::Unbox(type, &value.data));
  } else {
    out.Text(type->string);
    out.Text(type->kind == Kind::kString ? "(\"" : "(");
    out.Value(type, rt::Unbox(type, &value.data));
    out.Text(type->kind == Kind::kString ? "\")" : ")");
  }
  f.Set(0, rt::NewString(f.g, out.text));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
