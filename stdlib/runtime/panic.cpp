// How an uncaught panic shows its value.
#include <string>

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

// s with a tab behind every newline.
std::string Indented(std::string_view s) {
  std::string out;
  for (char c : s) {
    out += c;
    if (c == '\n') out += '\t';
  }
  return out;
}

}  // namespace

// func indent(s string) string
NativeStatus RuntimeIndent(NativeFrame& f) {
  f.Set(0, rt::NewString(f.g, Indented(f.String(2).View())));
  return NativeStatus::kOk;
}

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
  } else if (type->kind == Kind::kComplex64 ||
             type->kind == Kind::kComplex128) {
    // Has its own parentheses.
    out.Text(type->string);
    out.Value(type, rt::Unbox(type, &value.data));
  } else {
    out.Text(type->string);
    out.Text(type->kind == Kind::kString ? "(\"" : "(");
    out.Value(type, rt::Unbox(type, &value.data));
    out.Text(type->kind == Kind::kString ? "\")" : ")");
  }
  f.Set(0, rt::NewString(f.g, Indented(out.text)));
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
