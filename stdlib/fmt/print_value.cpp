// Values of any type. A value with methods that matter is left to guest code,
// and so is all that it is a part of.
#include "stdlib/fmt/printer.h"
#include "stdlib/internal/text/utf8.h"

namespace mgo::stdlib {

using rt::Kind;
using rt::TypeDesc;

namespace {

// Deeper values are left to guest code, whose stack grows.
constexpr int kMaxDepth = 100;

// Whether a method of this type may have to print it.
bool NeedsMethods(const Formatter& f, const TypeDesc* type, uint32_t verb) {
  if (type->method_count == 0 || f.Has(kErroring)) return false;
  if (verb == 'w' || HasMethod(type, "Format")) return true;
  if (f.Has(kSharpV)) return HasMethod(type, "GoString");
  switch (verb) {
    case 'v':
    case 's':
    case 'x':
    case 'X':
    case 'q':
      return HasMethod(type, "Error") || HasMethod(type, "String");
    default:
      return false;
  }
}

bool IsByteSequence(const TypeDesc* t) {
  return (t->kind == Kind::kSlice || t->kind == Kind::kArray) &&
         t->elem->kind == Kind::kUint8;
}

bool IsComposite(Kind k) {
  return k == Kind::kArray || k == Kind::kSlice || k == Kind::kStruct ||
         k == Kind::kMap;
}

bool Pointer(Formatter& f, Value v, uint32_t verb) {
  uint64_t u;
  switch (v.type->kind) {
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kPointer:
    case Kind::kSlice:
    case Kind::kUnsafePointer:
      u = AddressOf(v);
      break;
    default:
      return false;
  }
  switch (verb) {
    case 'v':
      if (f.Has(kSharpV)) {
        f.out += '(';
        f.out += v.type->string;
        f.out += ")(";
        if (u == 0) {
          f.out += "nil";
        } else {
          f.Hex(u, true);
        }
        f.out += ')';
      } else if (u == 0) {
        f.Pad("<nil>");
      } else {
        f.Hex(u, !f.Has(kSharp));
      }
      return true;
    case 'p':
      f.Hex(u, !f.Has(kSharp));
      return true;
    case 'b':
    case 'o':
    case 'd':
    case 'x':
    case 'X':
      return f.Integer(u, false, verb);
    default:
      return false;
  }
}

bool BadVerb(Formatter& f, Value v, PrintContext context) {
  uint32_t saved = f.flags & kErroring;
  f.flags |= kErroring;
  f.out += "%!";
  AppendRune(f.out, context.verb);
  f.out += '(';
  if (v.type == nullptr) {
    f.out += "<nil>";
  } else {
    f.out += v.type->string;
    f.out += '=';
    PrintContext inner = context;
    inner.verb = 'v';
    inner.depth = 0;
    inner.skip_methods = true;
    PrintValue(f, v, inner);
  }
  f.out += ')';
  f.flags = (f.flags & ~kErroring) | saved;
  return true;
}

void Separate(Formatter& f, bool first) {
  if (first) return;
  f.out += f.Has(kSharpV) ? ", " : " ";
}

Access Below(Access access) {
  return access == Access::kEmbedded ? Access::kHidden : access;
}

bool Part(Formatter& f, Value v, PrintContext context) {
  context.depth++;
  context.skip_methods = false;
  return PrintValue(f, v, context);
}

bool Map(Formatter& f, Value v, PrintContext context) {
  const bool sharp = f.Has(kSharpV);
  if (sharp) {
    f.out += v.type->string;
    if (AddressOf(v) == 0) {
      f.out += "(nil)";
      return true;
    }
    f.out += '{';
  } else {
    f.out += "map[";
  }
  context.access = Below(context.access);
  bool first = true;
  for (const MapItem& item : SortedItems(v)) {
    Separate(f, first);
    first = false;
    if (!Part(f, item.key, context)) return false;
    f.out += ':';
    if (!Part(f, item.value, context)) return false;
  }
  f.out += sharp ? '}' : ']';
  return true;
}

bool Struct(Formatter& f, Value v, PrintContext context) {
  if (f.Has(kSharpV)) f.out += v.type->string;
  f.out += '{';
  for (uint32_t i = 0; i < v.type->field_count; ++i) {
    const rt::FieldDesc& field = v.type->fields[i];
    Separate(f, i == 0);
    if (f.Has(kPlusV | kSharpV)) {
      f.out += field.name;
      f.out += ':';
    }
    PrintContext inner = context;
    if (inner.access == Access::kEmbedded) inner.access = Access::kAccessible;
    if (!field.exported && inner.access != Access::kHidden) {
      inner.access = field.embedded ? Access::kEmbedded : Access::kHidden;
    }
    if (!Part(f, FieldOf(v, i), inner)) return false;
  }
  f.out += '}';
  return true;
}

bool Sequence(Formatter& f, Value v, PrintContext context) {
  switch (context.verb) {
    case 's':
    case 'q':
    case 'x':
    case 'X':
      if (IsByteSequence(v.type)) {
        return f.Bytes(BytesOf(v), context.verb);
      }
      break;
    default:
      break;
  }
  const bool sharp = f.Has(kSharpV);
  if (sharp) {
    // An operand of type []byte is printed by its nicer name.
    if (context.depth == 0 && !context.skip_methods &&
        v.type->string == "[]uint8") {
      f.out += "[]byte";
    } else {
      f.out += v.type->string;
    }
    if (v.type->kind == Kind::kSlice && AddressOf(v) == 0) {
      f.out += "(nil)";
      return true;
    }
  }
  f.out += sharp ? '{' : '[';
  context.access = Below(context.access);
  const int64_t n = LengthOf(v);
  for (int64_t i = 0; i < n; ++i) {
    Separate(f, i == 0);
    if (!Part(f, IndexOf(v, i), context)) return false;
  }
  f.out += sharp ? '}' : ']';
  return true;
}

bool Interface(Formatter& f, Value v, PrintContext context) {
  Value inner = Unwrap(v);
  if (inner.type != nullptr) return PrintValue(f, inner, context);
  if (f.Has(kSharpV)) {
    f.out += v.type->string;
    f.out += "(nil)";
  } else {
    f.out += "<nil>";
  }
  return true;
}

// Values without parts; false: the verb does not fit.
bool Leaf(Formatter& f, Value v, uint32_t verb) {
  const Kind kind = v.type->kind;
  if (IsSignedKind(kind)) return f.Integer(IntegerOf(v), true, verb);
  if (IsUnsignedKind(kind)) return f.Integer(IntegerOf(v), false, verb);
  switch (kind) {
    case Kind::kBool:
      return f.Bool(IntegerOf(v) != 0, verb);
    case Kind::kString:
      return f.String(StringOf(v), verb);
    case Kind::kFloat32:
      return f.Float(FloatOf(v), 32, verb);
    case Kind::kFloat64:
      return f.Float(FloatOf(v), 64, verb);
    case Kind::kComplex64:
    case Kind::kComplex128: {
      double re, im;
      ComplexOf(v, &re, &im);
      return f.Complex(re, im, kind == Kind::kComplex64 ? 64 : 128, verb);
    }
    default:
      return Pointer(f, v, verb);
  }
}

}  // namespace

bool PrintValue(Formatter& f, Value v, PrintContext context) {
  const uint32_t verb = context.verb;
  if (v.type == nullptr) {
    if (verb != 'v' && verb != 'T') return BadVerb(f, v, context);
    f.Pad("<nil>");
    return true;
  }
  if (context.depth == 0) {
    if (verb == 'T') return f.String(v.type->string, 's');
    if (verb == 'p') return Pointer(f, v, verb) || BadVerb(f, v, context);
  }
  if (context.depth > kMaxDepth) return false;
  if (!context.skip_methods && context.access == Access::kAccessible &&
      NeedsMethods(f, v.type, verb)) {
    return false;
  }
  // An operand of type []byte shows each byte, others themselves.
  if (verb == 'w' && !f.Has(kErroring) && context.depth == 0 &&
      v.type->string != "[]uint8") {
    return BadVerb(f, v, context);
  }
  switch (v.type->kind) {
    case Kind::kMap:
      return Map(f, v, context);
    case Kind::kStruct:
      return Struct(f, v, context);
    case Kind::kArray:
    case Kind::kSlice:
      return Sequence(f, v, context);
    case Kind::kInterface:
      return Interface(f, v, context);
    case Kind::kPointer:
      if (context.depth == 0 && AddressOf(v) != 0 &&
          IsComposite(v.type->elem->kind)) {
        f.out += '&';
        context.access = Below(context.access);
        return Part(f, ElemOf(v), context);
      }
      break;
    default:
      break;
  }
  return Leaf(f, v, verb) || BadVerb(f, v, context);
}

}  // namespace mgo::stdlib
