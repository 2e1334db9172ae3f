#include "vm/ir/dump.h"

#include "llvm/Support/Format.h"

namespace mgo::ir {

static const char* RepName(Rep rep) {
  static const char* const kNames[] = {"",    "i8",  "i16", "i32",
                                       "i64", "u8",  "u16", "u32",
                                       "u64", "f32", "f64", "ptr"};
  return kNames[static_cast<int>(rep)];
}

static void Put(Reg r, llvm::raw_ostream& out) {
  if (!r.IsValid()) {
    out << "_";
    return;
  }
  out << 'r' << r.id;
  if (r.slot != 0) out << '.' << r.slot;
}

static void Put(const Operand& o, llvm::raw_ostream& out) {
  if (o.IsAbsent()) {
    out << "_";
  } else if (o.IsImm()) {
    out << '#' << o.imm;
  } else {
    Put(o.reg, out);
  }
}

static void PutType(const Type* t, llvm::raw_ostream& out) {
  if (t != nullptr) out << types::TypeString(t, nullptr);
}

static void PutRef(const Ref& ref, llvm::raw_ostream& out) {
  switch (ref.kind) {
    case RefKind::kNone:
      break;
    case RefKind::kFunction:
      out << " func " << ref.func->name;
      break;
    case RefKind::kNative:
      out << " native " << ref.name;
      break;
    case RefKind::kGlobal:
      out << " global " << ref.global->name;
      break;
    case RefKind::kTypeDesc:
      out << " type ";
      PutType(ref.type, out);
      break;
    case RefKind::kItab:
      out << " itab ";
      PutType(ref.type, out);
      out << " for ";
      PutType(ref.iface, out);
      break;
  }
}

// Which of an operation's optional fields mean something, from ir_ops.def.
static bool Names(Op op, llvm::StringRef field) {
  static const char* const kOperands[] = {
#define IR_OP(name, operands, flags, prose) operands,
#include "vm/ir/ir_ops.def"
  };
  llvm::StringRef rest = kOperands[static_cast<int>(op)];
  while (!rest.empty()) {
    auto [head, tail] = rest.split(' ');
    if (head == field) return true;
    rest = tail;
  }
  return false;
}

static void PutCases(const Instr& i, llvm::raw_ostream& out) {
  for (const SelectCase& c : i.cases) {
    out << (c.send ? " send(" : " recv(");
    Put(c.chan, out);
    out << ", ";
    Put(c.value, out);
    out << ')';
  }
}

void DumpInstr(const Instr& i, llvm::raw_ostream& out) {
  if (i.dst.IsValid()) {
    Put(i.dst, out);
    if (i.op != Op::kSelect && Names(i.op, "c") && i.c.IsReg() &&
        i.op != Op::kStrSlice && i.op != Op::kIntrinsic) {
      out << ", ";
      Put(i.c, out);
    }
    out << " = ";
  } else if (!i.results.empty()) {
    for (size_t k = 0; k < i.results.size(); ++k) {
      out << (k != 0 ? ", " : "");
      Put(i.results[k], out);
    }
    out << " = ";
  }
  if (i.call_mode == CallMode::kGo) out << "go ";
  if (i.call_mode == CallMode::kDefer) out << "defer ";
  out << OpName(i.op);
  if (i.op == Op::kBranchCmp) out << '.' << OpName(i.cmp);
  if (i.rep != Rep::kNone) {
    out << '.';
    if (i.op == Op::kConvert) out << RepName(i.from) << '.';
    out << RepName(i.rep);
  }
  PutRef(i.ref, out);
  if (i.op == Op::kIntrinsic) {
    out << ' ' << IntrinsicName(static_cast<Intrinsic>(i.imm));
  }
  for (const auto& [name, operand] :
       {std::pair{"a", &i.a}, {"b", &i.b}, {"c", &i.c}}) {
    if (!Names(i.op, name) || operand->IsAbsent()) continue;
    if (name[0] == 'c' && i.dst.IsValid() && i.op != Op::kStrSlice &&
        i.op != Op::kIntrinsic) {
      continue;
    }
    out << ' ';
    Put(*operand, out);
  }
  if (!i.args.empty()) {
    out << " (";
    for (size_t k = 0; k < i.args.size(); ++k) {
      out << (k != 0 ? ", " : "");
      Put(i.args[k], out);
    }
    out << ')';
  }
  PutCases(i, out);
  if (Names(i.op, "imm") && i.op != Op::kIntrinsic) {
    if (i.op == Op::kConst && i.rep == Rep::kF64) {
      double d;
      memcpy(&d, &i.imm, 8);
      out << ' ' << llvm::format("%g", d);
    } else if (i.op == Op::kConst || i.imm != 0) {
      out << " " << (i.op == Op::kConst ? "" : "+") << i.imm;
    }
  }
  if (Names(i.op, "n")) out << " x" << i.n;
  if (i.op == Op::kConstString) {
    out << " \"";
    out.write_escaped(i.text.take_front(60));
    out << '"';
  }
  if (i.type != nullptr && Names(i.op, "type")) {
    out << " <";
    PutType(i.type, out);
    out << '>';
  }
  if (i.no_check) out << " nocheck";
  if (i.on_frame) out << " onframe";
  if (!i.targets.empty()) {
    out << " ->";
    for (uint32_t t : i.targets) out << " b" << t;
  }
}

void DumpFunction(const Function& f, llvm::raw_ostream& out) {
  out << "func " << f.name << '(';
  auto list = [&](llvm::ArrayRef<Reg> regs) {
    for (size_t k = 0; k < regs.size(); ++k) {
      const RegInfo& info = f.regs[regs[k].id];
      out << (k != 0 ? ", " : "") << 'r' << regs[k].id << ' ';
      if (!info.name.empty()) out << info.name << ' ';
      PutType(info.type, out);
    }
  };
  list(f.params);
  out << ") (";
  list(f.results);
  out << ')';
  if (f.context.IsValid()) out << " context r" << f.context.id;
  if (f.has_defer) out << " defers";
  if (f.has_recover) out << " recovers";
  if (f.is_wrapper) out << " wrapper";
  out << "\n";
  for (size_t b = 0; b < f.blocks.size(); ++b) {
    out << "b" << b << ':';
    if (f.blocks[b].loop_depth != 0) {
      out << "  ; loop depth " << f.blocks[b].loop_depth;
    }
    if (b == f.recovery_block) out << "  ; recovery";
    out << '\n';
    for (const Instr& i : f.blocks[b].instrs) {
      out << "  ";
      DumpInstr(i, out);
      out << '\n';
    }
  }
}

void DumpProgram(const Program& program, llvm::raw_ostream& out,
                 llvm::StringRef package) {
  auto wanted = [&](const types::Package* p) {
    return package.empty() || (p != nullptr && p->path == package);
  };
  for (const auto& g : program.globals) {
    if (!wanted(g->symbol->package)) continue;
    out << "var " << g->name << ' ';
    PutType(g->type, out);
    out << '\n';
  }
  for (const auto& f : program.functions) {
    if (!wanted(f->package)) continue;
    out << '\n';
    DumpFunction(*f, out);
  }
  out << '\n';
  for (const auto& t : program.runtime_types) {
    if (t.methods.empty()) continue;
    out << "type ";
    PutType(t.type, out);
    for (const auto& m : t.methods) {
      out << ' ' << m.method->name->text << "=" << m.function->name;
    }
    out << '\n';
  }
}

}  // namespace mgo::ir
