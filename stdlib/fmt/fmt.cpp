// The natives of package fmt: reading formats, printing what needs no guest
// code.
#include <cstring>

#include "runtime/abi/native.h"
#include "stdlib/fmt/printer.h"
#include "stdlib/internal/glue.h"
#include "stdlib/internal/text/utf8.h"
#include "stdlib/natives.h"

namespace mgo::stdlib {

using rt::Kind;

namespace {

// Widths and precisions beyond this are mistakes.
constexpr int64_t kTooLarge = 1000000;

// Operands as guest memory has them.
struct Operands {
  const GoIface* data;
  int64_t count;
  Value operator[](int64_t i) const { return ValueOf(data[i]); }
};

// The state of one call of run: the formatter and the place in the format.
struct Run {
  Formatter f;
  std::string_view format;
  Operands args;
  size_t i;
  int64_t arg_num;
  bool after_index = false;
  bool good_arg_num = true;
};

// A number at format[i..end); found false: none, or too large.
struct Number {
  int64_t value;
  bool found;
  size_t next;
};

Number ParseNumber(std::string_view s, size_t i) {
  int64_t n = 0;
  bool found = false;
  for (; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i) {
    if (n > kTooLarge) return {0, false, s.size()};
    n = n * 10 + (s[i] - '0');
    found = true;
  }
  return {n, found, i};
}

// An argument index "[n]" at format[i], if there is one.
void ArgumentIndex(Run& r) {
  r.after_index = false;
  if (r.i >= r.format.size() || r.format[r.i] != '[') return;
  r.f.flags |= kReordered;
  std::string_view rest = r.format.substr(r.i);
  size_t close = rest.find(']', 1);
  if (rest.size() < 3 || close == std::string_view::npos) {
    r.good_arg_num = false;
    r.i += 1;
    return;
  }
  Number n = ParseNumber(rest.substr(0, close), 1);
  r.i += close + 1;
  bool ok = n.found && n.next == close;
  if (ok && n.value >= 1 && n.value <= r.args.count) {
    r.arg_num = n.value - 1;
    r.after_index = true;
    return;
  }
  r.good_arg_num = false;
  r.after_index = ok;
}

// The operand of a '*'.
bool StarOperand(Run& r, int64_t* out) {
  if (r.arg_num >= r.args.count) return false;
  Value v = r.args[r.arg_num++];
  if (v.type == nullptr) return false;
  bool is_signed = IsSignedKind(v.type->kind);
  if (!is_signed && !IsUnsignedKind(v.type->kind)) return false;
  auto n = static_cast<int64_t>(IntegerOf(v));
  if (n > kTooLarge || n < -kTooLarge) return false;
  if (!is_signed && n < 0) return false;
  *out = n;
  return true;
}

void Flags(Run& r) {
  for (; r.i < r.format.size(); ++r.i) {
    switch (r.format[r.i]) {
      case '#':
        r.f.flags |= kSharp;
        break;
      case '0':
        r.f.flags |= kZero;
        break;
      case '+':
        r.f.flags |= kPlus;
        break;
      case '-':
        r.f.flags |= kMinus;
        break;
      case ' ':
        r.f.flags |= kSpaceFlag;
        break;
      default:
        return;
    }
  }
}

void Width(Run& r) {
  ArgumentIndex(r);
  if (r.i < r.format.size() && r.format[r.i] == '*') {
    ++r.i;
    int64_t n = 0;
    if (StarOperand(r, &n)) {
      r.f.flags |= kHasWidth;
      if (n < 0) {
        n = -n;
        r.f.flags = (r.f.flags | kMinus) & ~kZero;
      }
      r.f.width = n;
    } else {
      r.f.out += "%!(BADWIDTH)";
    }
    r.after_index = false;
    return;
  }
  Number n = ParseNumber(r.format, r.i);
  r.i = n.next;
  if (n.found) {
    r.f.width = n.value;
    r.f.flags |= kHasWidth;
    if (r.after_index) r.good_arg_num = false;  // "%[3]2d"
  }
}

void Precision(Run& r) {
  if (r.i + 1 > r.format.size() || r.i >= r.format.size() ||
      r.format[r.i] != '.') {
    return;
  }
  ++r.i;
  if (r.after_index) r.good_arg_num = false;  // "%[3].2d"
  ArgumentIndex(r);
  if (r.i < r.format.size() && r.format[r.i] == '*') {
    ++r.i;
    int64_t n = 0;
    if (StarOperand(r, &n) && n >= 0) {
      r.f.prec = n;
      r.f.flags |= kHasPrec;
    } else {
      r.f.prec = 0;
      r.f.out += "%!(BADPREC)";
    }
    r.after_index = false;
    return;
  }
  Number n = ParseNumber(r.format, r.i);
  r.i = n.next;
  r.f.prec = n.found ? n.value : 0;
  r.f.flags |= kHasPrec;
}

void Complain(Run& r, uint32_t verb, std::string_view what) {
  r.f.out += "%!";
  AppendRune(r.f.out, verb);
  r.f.out += what;
}

// The next verb, after '%'. True: its operand must be printed by guest code.
bool Directive(Run& r, uint32_t* verb) {
  r.f.flags &= ~kFormatFlags;
  r.good_arg_num = true;
  r.after_index = false;
  Flags(r);
  Width(r);
  Precision(r);
  if (!r.after_index) ArgumentIndex(r);
  if (r.i >= r.format.size()) {
    r.f.out += "%!(NOVERB)";
    return false;
  }
  DecodedRune d = DecodeRune(r.format.substr(r.i));
  r.i += d.length;
  *verb = d.rune;
  if (d.rune == '%') {
    r.f.out += '%';
    return false;
  }
  if (!r.good_arg_num) {
    Complain(r, d.rune, "(BADINDEX)");
    return false;
  }
  if (r.arg_num >= r.args.count) {
    Complain(r, d.rune, "(MISSING)");
    return false;
  }
  if (d.rune == 'v' || (d.rune == 'w' && r.f.Has(kWrapErrors))) {
    if (r.f.Has(kSharp)) r.f.flags = (r.f.flags & ~kSharp) | kSharpV;
    if (r.f.Has(kPlus)) r.f.flags = (r.f.flags & ~kPlus) | kPlusV;
  }
  if (d.rune == 'w' && r.f.Has(kWrapErrors)) return true;
  size_t mark = r.f.out.size();
  uint32_t flags = r.f.flags;
  if (PrintValue(r.f, r.args[r.arg_num], {d.rune})) {
    ++r.arg_num;
    return false;
  }
  r.f.out.resize(mark);
  r.f.flags = flags;
  return true;
}

void StoreArg(Printer* p, const GoIface& arg) {
  p->arg.word = arg.word;
  StorePointer(&p->arg.data, reinterpret_cast<const void*>(arg.data));
}

Operands OperandsOf(GoSlice s) {
  return {reinterpret_cast<const GoIface*>(s.ptr), s.len};
}

}  // namespace

// func (p *printer) run(format string, a []any) bool
NativeStatus FmtRun(NativeFrame& f) {
  auto* p = f.Pointer<Printer>(1);
  Run r{{}, f.String(2).View(), OperandsOf(f.Slice(4)), 0, 0};
  r.f.flags = p->flags;
  r.i = static_cast<size_t>(p->pos);
  r.arg_num = p->arg_num;
  bool again = false;
  uint32_t verb = 0;
  while (!again) {
    const char* start = r.format.data() + r.i;
    size_t left = r.format.size() - r.i;
    const void* percent = left == 0 ? nullptr : std::memchr(start, '%', left);
    if (percent == nullptr) {
      r.f.out.append(start, left);
      r.i = r.format.size();
      break;
    }
    size_t text = static_cast<const char*>(percent) - start;
    r.f.out.append(start, text);
    r.i += text + 1;
    again = Directive(r, &verb);
  }
  p->flags = r.f.flags;
  p->width = r.f.width;
  p->prec = r.f.prec;
  p->pos = static_cast<int64_t>(r.i);
  p->arg_num = r.arg_num;
  p->verb = static_cast<int32_t>(verb);
  if (again) StoreArg(p, r.args.data[r.arg_num]);
  AppendBytes(f, &p->buf, r.f.out);
  f.SetBool(0, again);
  return NativeStatus::kOk;
}

// func (p *printer) runList(a []any, ln bool) bool
NativeStatus FmtRunList(NativeFrame& f) {
  auto* p = f.Pointer<Printer>(1);
  Operands args = OperandsOf(f.Slice(2));
  const bool ln = f.Bool(5);
  Formatter out;
  auto is_string = [&](int64_t i) {
    const TypeDesc* t = args.data[i].Type();
    return t != nullptr && t->kind == Kind::kString;
  };
  int64_t i = p->arg_num;
  bool again = false;
  for (; i < args.count; ++i) {
    if (i > 0 && (ln || (!is_string(i) && !is_string(i - 1)))) out.out += ' ';
    size_t mark = out.out.size();
    if (!PrintValue(out, args[i], {'v'})) {
      out.out.resize(mark);
      out.flags = 0;
      StoreArg(p, args.data[i]);
      again = true;
      break;
    }
  }
  if (!again && ln) out.out += '\n';
  p->arg_num = i;
  AppendBytes(f, &p->buf, out.out);
  f.SetBool(0, again);
  return NativeStatus::kOk;
}

// func (p *printer) native(arg any, verb rune, depth int, skip bool, ro int)
//     bool
NativeStatus FmtNative(NativeFrame& f) {
  auto* p = f.Pointer<Printer>(1);
  GoIface arg = f.Iface(2);
  Formatter out;
  out.flags = p->flags;
  out.width = p->width;
  out.prec = p->prec;
  PrintContext context{static_cast<uint32_t>(f.Int(4)),
                       static_cast<int>(f.Int(5)), f.Bool(6),
                       static_cast<Access>(f.Int(7))};
  bool ok = PrintValue(out, ValueOf(arg), context);
  if (ok) AppendBytes(f, &p->buf, out.out);
  f.SetBool(0, ok);
  return NativeStatus::kOk;
}

// func (p *printer) str(s string, verb rune)
NativeStatus FmtStr(NativeFrame& f) {
  auto* p = f.Pointer<Printer>(0);
  Formatter out;
  out.flags = p->flags;
  out.width = p->width;
  out.prec = p->prec;
  out.String(f.String(1).View(), static_cast<uint32_t>(f.Int(3)));
  AppendBytes(f, &p->buf, out.out);
  return NativeStatus::kOk;
}

}  // namespace mgo::stdlib
