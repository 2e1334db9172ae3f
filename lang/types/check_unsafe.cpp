// Package unsafe's functions.
#include "lang/types/check.h"

namespace mgo::types {

void Checker::UnsafeCall(Operand& x, const syntax::CallExpr* e, Builtin id,
                         llvm::SmallVectorImpl<Operand>& args) {
  auto result = [&](const Type* t) {
    x.mode = Mode::kValue;
    x.type = t;
  };
  switch (id) {
    case Builtin::kUnsafeSizeof:
    case Builtin::kUnsafeAlignof: {
      bool size = id == Builtin::kUnsafeSizeof;
      Assignment(
          x, nullptr,
          size ? "argument to unsafe.Sizeof" : "argument to unsafe.Alignof");
      if (x.Invalid()) return;
      int64_t value = size ? SizeOf(x.type) : AlignOf(x.type);
      if (SizeHasTypeParam(x.type)) {
        // Known only once there are type arguments.
        result(Basic(BasicKind::kUintptr));
        return;
      }
      if (value < 0) {
        if (!SizeHasInvalid(x.type)) {
          Report(DiagKind::kTypeTooLarge, PosOf(x.expr), Str(x));
        }
        x.mode = Mode::kNone;
        return;
      }
      x.mode = Mode::kConstant;
      x.value = Constants().Int(value);
      x.type = Basic(BasicKind::kUintptr);
      return;
    }
    case Builtin::kUnsafeOffsetof:
      UnsafeOffsetof(x, e);
      return;
    case Builtin::kUnsafeAdd:
      Assignment(x, Basic(BasicKind::kUnsafePointer), "argument to unsafe.Add");
      if (x.Invalid()) return;
      if (!ValidIndex(args[1], "length", true)) {
        x.mode = Mode::kNone;
        return;
      }
      result(Basic(BasicKind::kUnsafePointer));
      return;
    case Builtin::kUnsafeSlice: {
      const auto* pointer = x.IsNil() ? nullptr : As<Pointer>(x.type);
      if (pointer == nullptr) {
        Report(DiagKind::kNotPointer, PosOf(x.expr), Str(x));
        x.mode = Mode::kNone;
        return;
      }
      if (!ValidIndex(args[1], "length", false)) {
        x.mode = Mode::kNone;
        return;
      }
      result(world_.types.New<Slice>(pointer->elem));
      return;
    }
    case Builtin::kUnsafeSliceData: {
      const auto* slice =
          x.IsNil() ? nullptr : dyn_cast_or_null<Slice>(CoreType(x.type));
      if (slice == nullptr) {
        Report(DiagKind::kNotSlice, PosOf(x.expr), Str(x));
        x.mode = Mode::kNone;
        return;
      }
      result(world_.types.New<Pointer>(slice->elem));
      return;
    }
    case Builtin::kUnsafeString:
      Assignment(x, world_.types.New<Pointer>(world_.universe->byte_type),
                 "argument to unsafe.String");
      if (x.Invalid()) return;
      if (!ValidIndex(args[1], "length", false)) {
        x.mode = Mode::kNone;
        return;
      }
      result(Basic(BasicKind::kString));
      return;
    case Builtin::kUnsafeStringData:
      Assignment(x, Basic(BasicKind::kString), "argument to unsafe.StringData");
      if (x.Invalid()) return;
      result(world_.types.New<Pointer>(world_.universe->byte_type));
      return;
    default:
      x.mode = Mode::kNone;
      return;
  }
}

void Checker::UnsafeOffsetof(Operand& x, const syntax::CallExpr* e) {
  const auto* selector =
      dyn_cast<syntax::SelectorExpr>(syntax::Unparen(e->args[0]));
  if (selector == nullptr) {
    Use(e->args[0]);
    Report(DiagKind::kNotSelector, PosOf(e->args[0]), Str(e->args[0]));
    x.mode = Mode::kNone;
    return;
  }
  Value(x, selector->x);
  if (x.Invalid()) return;
  const Operand operand = x;
  const Type* base = x.type;
  if (const auto* pointer = As<Pointer>(base)) {
    if (As<Struct>(pointer->elem) != nullptr) base = pointer->elem;
  }
  const Name* name = selector->sel->name;
  LookupResult found = LookupFieldOrMethod(base, false, &package_, name);
  x.mode = Mode::kNone;
  if (found.symbol != nullptr && found.symbol->kind == SymbolKind::kFunc) {
    Report(DiagKind::kOffsetofMethod, PosOf(e->args[0]), Str(e->args[0]));
    return;
  }
  if (found.symbol == nullptr) {
    if (found.pointer_method != nullptr) {
      Report(DiagKind::kOffsetofMethod, PosOf(e->args[0]), Str(e->args[0]));
    } else {
      Report(DiagKind::kOffsetofNoField, PosOf(e->args[0]), Str(base),
             name->text);
    }
    return;
  }
  if (found.indirect) {
    Report(DiagKind::kOffsetofPointer, PosOf(e->args[0]), name->text,
           Str(base));
    return;
  }
  RecordSelection(selector, SelectionKind::kField, base, found);
  int64_t offset = 0;
  const Type* t = base;
  for (int index : found.path) {
    const auto* s = As<Struct>(t);
    if (s == nullptr) return;
    if (SizeHasTypeParam(s)) {
      // Known only once there are type arguments.
      x.mode = Mode::kValue;
      x.type = Basic(BasicKind::kUintptr);
      return;
    }
    int64_t in_struct = OffsetsOf(s)[index];
    if (in_struct < 0) {
      if (!SizeHasInvalid(s)) {
        Report(DiagKind::kTypeTooLarge, PosOf(selector->x), Str(operand));
      }
      return;
    }
    offset += in_struct;
    t = s->fields[index]->type;
  }
  x.mode = Mode::kConstant;
  x.value = Constants().Int(offset);
  x.type = Basic(BasicKind::kUintptr);
}

}  // namespace mgo::types
