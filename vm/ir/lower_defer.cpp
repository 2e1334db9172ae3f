// go and defer statements.
//
// The function value and the arguments are evaluated at the statement. A
// builtin gets a small function that is called with them later.
#include "vm/ir/lower_function.h"

namespace mgo::ir {

using llvm::dyn_cast;
using types::As;
using types::Builtin;

void FunctionLowering::GoOrDefer(const Expr* call, CallMode mode) {
  const auto* e = dyn_cast<syntax::CallExpr>(syntax::Unparen(call));
  if (e == nullptr) return;
  pos_ = e->pos;
  Builtin b = BuiltinOf(e->fun);
  if (b != Builtin::kNone) {
    DeferBuiltin(e, b, mode);
    return;
  }
  if (Tv(e->fun).mode == types::Mode::kType) {
    Effects(e->args[0]);
    return;
  }
  CallWith(e, {}, mode);
}

void FunctionLowering::DeferBuiltin(const syntax::CallExpr* e, Builtin b,
                                    CallMode mode) {
  HoistOperands(e->args);
  const Type* any = program_.world.universe->empty_interface;
  Operands args;
  llvm::SmallVector<const Type*, 4> arg_types;
  for (size_t i = 0; i < e->args.size(); ++i) {
    const Expr* a = e->args[i];
    const Type* t = types::DefaultType(TypeOf(a));
    if (b == Builtin::kPanic) t = any;
    if (b == Builtin::kDelete && i == 1) {
      t = As<types::Map>(arg_types[0])->key;
    }
    args.push_back(ToReg(ValueAs(a, t), t));
    arg_types.push_back(t);
  }
  const char* suffix = mode == CallMode::kGo ? ".gowrap" : ".deferwrap";
  Function* f = program_.NewFunction(f_.name + suffix, package_);
  f->is_wrapper = true;
  f->no_inline = true;
  f->pos = e->pos;
  FunctionLowering body(program_, *f, package_, env_);
  body.pos_ = e->pos;
  body.SetBlock(body.NewBlock());
  Operands params;
  for (const Type* t : arg_types) {
    f->params.push_back(AddReg(*f, t));
    params.push_back(f->params.back());
  }
  if (b == Builtin::kRecover) {
    // As if called by the function that defers it.
    f->has_recover = true;
    body.Emit(Op::kRecover, body.Temp(any));
  } else {
    body.BuiltinOnOperands(b, params, arg_types);
  }
  if (body.Reachable()) body.Return();
  body.Finish();
  pos_ = e->pos;
  program_.NoteUse(f);
  Instr& instr = Emit(Op::kCall);
  instr.ref.kind = RefKind::kFunction;
  instr.ref.func = f;
  instr.call_mode = mode;
  instr.args.append(args.begin(), args.end());
}

}  // namespace mgo::ir
