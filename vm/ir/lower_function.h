// Lowering of one function body.
//
// Expressions. Value(e) gives an operand: an immediate, or a register that is
// not to be written to, since it may be a variable's own. A caller that has a
// register for the result passes it as `want`; whoever makes the result with a
// single last instruction puts it there, others may ignore it. A composite
// literal is built in place only in a register that is known to be fresh.
//
// Places. A Place is what can stand left of `=`, or under `&`, or before `.f`
// and `[i]`: a register or a part of one, memory at pointer + offset, an
// element of a slice or array, a map element. Nothing is loaded while one walks
// down x.a.b[i].c, except pointers.
//
// Order of evaluation is that of Go's compiler: calls (of builtins too),
// receives, map reads and slicings go first, in order, and plain reads of
// variables and memory after them, as late as possible. Registers of variables
// cannot be changed by a call (a variable that a literal changes lives in
// memory), so this matters only where memory is read before a call: then
// HoistCalls evaluates the calls first, and Value finds their results in
// `hoisted_`.
#ifndef MGO_VM_IR_LOWER_FUNCTION_H_
#define MGO_VM_IR_LOWER_FUNCTION_H_

#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "vm/ir/lower_program.h"

namespace mgo::ir {

using syntax::Expr;
using syntax::Stmt;

// Somewhere a value is: see the head of this file.
struct Place {
  enum Kind : uint8_t {
    kBlank,    // `_`: stores are dropped
    kReg,      // the register `reg`, or whole slots of it
    kRegPart,  // bytes of register `reg` (slot 0) from `offset` on
    kMem,      // memory at base + offset
    kSlice,    // base[index], base a slice register
    kPtrElem,  // (*base)[index], base a pointer to an array of `length`
    kMap,      // base[index], base a map, index a register in memory form
  } kind = kBlank;
  const Type* type = nullptr;      // of the value there
  const Type* map_type = nullptr;  // kMap
  Reg reg;
  Operand base, index;
  int64_t offset = 0;
  int64_t length = 0;
  bool no_check = false;        // base is not nil
  bool unsigned_index = false;  // index is to be shown as unsigned
  Pos pos;
};

// Where a local variable lives.
struct VarLoc {
  bool in_memory = false;  // reg holds a pointer to it
  Reg reg;
};

// A constant or immediate-capable comparison etc. works on this.
class FunctionLowering {
 public:
  FunctionLowering(ProgramLowering& program, Function& function,
                   types::Package* package, const TypeEnv& env);

  // --- bodies (lower_function.cpp) -------------------------------------------

  // Lowers a FuncDecl's or a FuncLit's body into the function.
  void LowerFunction(const syntax::Node* node);
  // Lowers initializers, in order, as the body.
  void LowerInitializers(llvm::ArrayRef<types::Initializer> steps);
  // Closes the last block with a return and drops what is unreachable.
  void Finish();

  // Puts the variables that the closure holds where the body expects them.
  void LoadCaptures(llvm::ArrayRef<Symbol*> captures);
  // The closure of f with these variables.
  Operand MakeClosure(Function* f, llvm::ArrayRef<Symbol*> captures,
                      const Type* t, Reg want);

  // --- emission (lower_emit.cpp) ---------------------------------------------

  // Appends an instruction at the present position.
  Instr& Emit(Op op);
  Instr& Emit(Op op, Reg dst, Operand a = {}, Operand b = {});
  // A new register of that type.
  Reg Temp(const Type* t);
  Reg TempOf(types::BasicKind kind);
  Reg TempInt() { return TempOf(types::BasicKind::kInt); }
  Reg TempBool() { return TempOf(types::BasicKind::kBool); }
  // A pointer to nobody knows what (for untyped addresses).
  Reg TempAddr() { return TempOf(types::BasicKind::kUnsafePointer); }
  Reg WantOr(Reg want, const Type* t) {
    return want.IsValid() ? want : Temp(t);
  }
  // dst = src, values of type t.
  void Move(Reg dst, Operand src, const Type* t);
  // The operand as a whole typed register of its own or as it is.
  Reg ToReg(Operand o, const Type* t);
  // A copy in a new register.
  Reg CopyToTemp(Operand o, const Type* t);
  // The zero value; an immediate for scalars.
  Operand ZeroValue(const Type* t, Reg want = {});
  void MoveZero(Reg dst, const Type* t);
  Reg EmitConstRef(RefKind kind, const Type* t);
  // dst = a op b on scalars of representation rep.
  Operand Arith(Op op, Rep rep, Operand a, Operand b, Reg want, const Type* t);
  Operand Compare(Op cmp, Rep rep, Operand a, Operand b, Reg want = {});
  Operand LoadAt(const Type* t, Operand pointer, int64_t offset, bool no_check,
                 Reg want = {});
  void StoreAt(const Type* t, Operand pointer, int64_t offset, Operand value,
               bool no_check);
  Operand ConvertRep(Operand a, Rep from, Rep to, Reg want, const Type* t);
  Reg NewObject(const Type* t);

  // Blocks.
  uint32_t NewBlock();
  void SetBlock(uint32_t block) { cur_ = block; }
  bool Reachable() const { return cur_ != Function::kNoBlock; }
  void Jump(uint32_t block);
  void JumpTo(uint32_t block);  // Jump, then go on in block
  void Branch(Operand cond, uint32_t yes, uint32_t no);
  void BranchCmp(Op cmp, Rep rep, Operand a, Operand b, uint32_t yes,
                 uint32_t no);
  void Return();

  // --- types -----------------------------------------------------------------

  const types::TypeAndValue& Tv(const Expr* e) const {
    return package_->info.types[e->id];
  }
  // The type of an expression, in this instance.
  const Type* TypeOf(const Expr* e) { return Subst(Tv(e).type); }
  const Type* TypeOfSym(Symbol* s) { return Subst(program_.TypeOfSymbol(s)); }
  const Type* Subst(const Type* t) {
    return env_.Empty() ? t : program_.Substitute(t, env_);
  }
  Symbol* SymbolOf(const syntax::Ident* id) const {
    return package_->info.symbols[id->id];
  }
  bool IsConst(const Expr* e) const { return Tv(e).value != nullptr; }
  // What a selector denotes, worked out anew in a generic instance.
  types::Selection SelectionOf(const syntax::SelectorExpr* e);
  llvm::ArrayRef<const Type*> TypeArgsOf(const syntax::Ident* id);

  // --- variables (lower_function.cpp) ----------------------------------------

  // Declares a variable: a register, or a new object. Its value is undefined
  // (in memory: zero).
  VarLoc& Declare(Symbol* s);
  // Declares it and gives it the zero value. A script may declare a variable of
  // the package's like that.
  void DeclareZero(Symbol* s);
  // Declares it with this value, of its type.
  void DeclareWith(Symbol* s, Operand value);
  VarLoc& LocOf(Symbol* s);
  // Whether a variable must be in memory.
  bool NeedsMemory(Symbol* s, const Type* t);
  Place PlaceOfVar(Symbol* s);

  // --- expressions (lower_expr.cpp) ------------------------------------------

  Operand Value(const Expr* e, Reg want = {});
  // The value converted implicitly to `to` (for interfaces).
  Operand ValueAs(const Expr* e, const Type* to, Reg want = {});
  // Leaves the value in dst. `fresh`: nothing can refer to dst yet.
  void ValueInto(const Expr* e, const Type* to, Reg dst, bool fresh);
  void Effects(const Expr* e);
  Operand ConstValue(const types::Constant* value, const Type* t, Reg want);
  Operand ConstString(llvm::StringRef text, Reg want);
  // An index or size: as int64.
  Operand IntValue(const Expr* e);
  // Whether an index of that type may exceed the largest int.
  bool IsHugeIndex(const Expr* e);
  Operand Ident(const syntax::Ident* e, Reg want);
  Operand Selector(const syntax::SelectorExpr* e, Reg want);
  Operand Index(const syntax::IndexExpr* e, Reg want);
  Operand SliceOp(const syntax::SliceExpr* e, Reg want);
  Operand Unary(const syntax::UnaryExpr* e, Reg want);
  Operand AddressOf(const Expr* e, Reg want);
  Operand Receive(const Expr* chan, Reg want, Reg ok);
  Operand FunctionValue(Symbol* s, llvm::ArrayRef<const Type*> args,
                        const Type* t, Reg want);
  // x.(T), v, ok = <-c, m[k] with a place for ok.
  Operand CommaOk(const Expr* e, Reg ok, Reg want = {});

  // Order of evaluation (lower_order.cpp).
  // Of operands that are evaluated together, the first `places` of which are
  // assigned to, evaluates the calls ahead if reads would come too early.
  void HoistOperands(llvm::ArrayRef<const Expr*> operands, size_t places = 0);
  void HoistPlace(const Expr* e);
  bool IsCopyingConversion(const syntax::CallExpr* e);
  void HoistCalls(const Expr* e);
  bool ReadsMemory(const Expr* e);
  bool HasCall(const Expr* e) { return program_.HasCall(*package_, e); }

  // --- operators (lower_binary.cpp) ------------------------------------------

  Operand Binary(const syntax::BinaryExpr* e, Reg want);
  Operand BinaryChain(const syntax::BinaryExpr* e, Reg want);
  Operand Concat(const syntax::BinaryExpr* e, Reg want);
  // a op b of one type; b of any integer type for shifts.
  Operand BinaryOp(syntax::Op op, Operand a, Operand b, const Type* t,
                   const Type* shift_type, bool shift_const, Reg want);
  Operand Comparison(const syntax::BinaryExpr* e, Reg want);
  // a == b for values of type t.
  Operand Equal(Operand a, Operand b, const Type* t, Reg want);
  Operand EqualMixed(Operand iface, const Type* iface_type, Operand value,
                     const Type* t);
  Operand LessString(syntax::Op op, Operand a, Operand b, Reg want);
  Operand NotOp(Operand a, Reg want);
  Operand LogicValue(const Expr* e, Reg want);
  // Branches on a condition.
  void Cond(const Expr* e, uint32_t yes, uint32_t no);
  bool CondCompare(const syntax::BinaryExpr* e, uint32_t yes, uint32_t no);
  // The word of a value that tells whether it is nil.
  Operand NilWord(Operand v, const Type* t);

  // Complex numbers (lower_complex.cpp).
  struct Complex {
    Operand re, im;
  };
  Complex SplitComplex(Operand v, const Type* t);
  Operand JoinComplex(Complex c, const Type* t, Reg want);
  Operand ComplexOp(syntax::Op op, Operand a, Operand b, const Type* t,
                    Reg want);
  Operand ComplexEqual(Operand a, Operand b, const Type* t, Reg want);
  const Type* PartType(const Type* complex);
  Complex ConvertParts(Complex c, const Type* from_part, const Type* to_part);

  // --- places (lower_place.cpp) ----------------------------------------------

  Place PlaceOf(const Expr* e);
  // The place of an operand of `.` or `[]` whose value need not be addressable.
  Place PlaceOrTemp(const Expr* e);
  Place RegPlace(Reg reg, const Type* t);
  Place MemPlace(Operand pointer, int64_t offset, const Type* t, bool no_check);
  Place Field(Place base, const types::Struct* s, int index, const Type* t);
  Place Part(Place base, int64_t offset, const Type* t);
  Place FieldPath(Place base, llvm::ArrayRef<int> path, Pos pos);
  // The element of an array; pos: of the bracket.
  Place ArrayElem(Place base, const Expr* index, Pos pos);
  // Turns an element place into a memory place.
  Place ToMem(Place p);
  Operand Load(const Place& p, Reg want = {});
  void Store(const Place& p, Operand value);
  // A pointer to the place.
  Operand AddrOf(Place p, Reg want = {});
  // Makes the place independent of the registers of variables.
  void PinPlace(Place& p);
  bool PlaceUses(const Place& p, Reg var);
  // Stores the value of e, of the place's type after conversion.
  void StoreExpr(const Place& p, const Expr* e, bool fresh);

  // --- literals (lower_literal.cpp) ------------------------------------------

  Operand CompositeLit(const syntax::CompositeLit* e, const Type* t, Reg want);
  // Builds struct and array literals; the place is fresh, zeroed says that it
  // is zero already.
  void LitInto(const syntax::CompositeLit* e, const Type* t, const Place& p,
               bool zeroed);
  void StructLit(const syntax::CompositeLit* e, const Type* t, const Place& p,
                 bool zeroed);
  void ArrayLit(const syntax::CompositeLit* e, const Type* elem, const Place& p,
                bool zeroed);
  Operand SliceLit(const syntax::CompositeLit* e, const Type* t, Reg want);
  Operand MapLit(const syntax::CompositeLit* e, const Type* t, Reg want);
  void LitElement(const Expr* e, const Type* t, const Place& p, bool zeroed);
  Operand LitValue(const Expr* e, const Type* t);
  int64_t LitLength(const syntax::CompositeLit* e);
  // Allocates and builds &T{...}.
  Operand LitPointer(const syntax::CompositeLit* e, const Type* t, Reg want);
  Operand FuncLit(const syntax::FuncLit* e, Reg want);

  // --- conversions (lower_convert.cpp, lower_iface.cpp) ----------------------

  Operand Conversion(const Expr* x, const Type* to, Reg want);
  Operand ConvertValue(Operand v, const Type* from, const Type* to, Reg want);
  // Assignability conversion.
  Operand Implicit(Operand v, const Type* from, const Type* to, Reg want);
  Operand ToInterface(Operand v, const Type* from, const Type* to, Reg want);
  Operand TypeWord(const Type* concrete, const Type* iface, Reg want = {});
  // The value of concrete type t in an interface that has this dynamic type.
  Operand Unbox(Operand iface, const Type* t, Reg want);
  Operand DynamicType(Operand iface);
  // x.(T); ok may be absent.
  Operand TypeAssert(Operand x, const Type* from, const Type* to, Reg want,
                     Reg ok);

  // --- calls (lower_call.cpp, lower_builtin.cpp, lower_defer.cpp) ------------

  // A call's results, one operand each (or none).
  using Operands = llvm::SmallVector<Operand, 4>;
  Operand CallValue(const syntax::CallExpr* e, Reg want);
  // Lowers a call of several results.
  void CallMulti(const syntax::CallExpr* e, Operands& results);
  void CallWith(const syntax::CallExpr* e, llvm::ArrayRef<Reg> results,
                CallMode mode);
  void Arguments(const syntax::CallExpr* e, const types::Signature* sig,
                 Operands& args);
  void PackVariadic(llvm::ArrayRef<Operand> values,
                    llvm::ArrayRef<const Type*> value_types,
                    const types::Signature* sig, Operands& args);
  void MethodCall(const syntax::CallExpr* e, const syntax::SelectorExpr* sel,
                  const types::Signature* sig, llvm::ArrayRef<Reg> results,
                  CallMode mode);
  // The receiver operand of a method, through the path, of the method's own
  // receiver type (an interface for interface methods).
  Operand Receiver(const Expr* x, const types::Selection& sel,
                   const Type** recv_type);
  void EmitCall(const Callee& callee, const types::Signature* sig,
                llvm::ArrayRef<Operand> args, llvm::ArrayRef<Reg> results,
                CallMode mode, Symbol* symbol,
                llvm::ArrayRef<const Type*> targs);
  void EmitIfaceCall(Operand iface, const Type* iface_type, Symbol* method,
                     const types::Signature* sig, llvm::ArrayRef<Operand> args,
                     llvm::ArrayRef<Reg> results, CallMode mode);
  Operand EmitIntrinsic(Intrinsic id, llvm::ArrayRef<Operand> args,
                        const Type* result, Reg want);
  void CallHelper(llvm::StringRef native, llvm::ArrayRef<Operand> args,
                  llvm::ArrayRef<Reg> results);
  types::Builtin BuiltinOf(const Expr* fun);
  Operand BuiltinCall(const syntax::CallExpr* e, types::Builtin b, Reg want);
  Operand BuiltinOfMulti(const syntax::CallExpr* e, types::Builtin b, Reg want);
  void CheckUnsafe(Operand pointer, Operand length, int64_t size,
                   const char* name);
  Operand BuiltinLen(const Expr* x, bool cap, Reg want);
  Operand BuiltinAppend(const syntax::CallExpr* e, Reg want);
  Operand BuiltinMake(const syntax::CallExpr* e, Reg want);
  Operand BuiltinNew(const syntax::CallExpr* e, Reg want);
  Operand BuiltinMinMax(const syntax::CallExpr* e, bool max, Reg want);
  Operand BuiltinUnsafe(const syntax::CallExpr* e, types::Builtin b, Reg want);
  // What unsafe.Offsetof says of a selector.
  int64_t OffsetOf(const Expr* field);
  void BuiltinClear(const syntax::CallExpr* e);
  void BuiltinPrint(llvm::ArrayRef<Operand> args,
                    llvm::ArrayRef<const Type*> arg_types, bool newline);
  void EmitPanic(Operand value);
  void PanicOf(const Expr* e);
  // A function literal, method or function as func value bound to a receiver.
  Operand MethodValue(const syntax::SelectorExpr* e, Reg want);
  void GoOrDefer(const Expr* call, CallMode mode);
  void DeferBuiltin(const syntax::CallExpr* e, types::Builtin b, CallMode mode);
  Operand BuiltinOnOperands(types::Builtin b, llvm::ArrayRef<Operand> args,
                            llvm::ArrayRef<const Type*> arg_types);

  // --- statements (lower_stmt.cpp and others) --------------------------------

  void Statement(const Stmt* s);
  void Statements(llvm::ArrayRef<const Stmt*> stmts);
  void If(const syntax::IfStmt* s);
  void For(const syntax::ForStmt* s, const syntax::Name* label);
  void ReturnStatement(const syntax::ReturnStmt* s);
  void FinishReturn();
  void BranchStatement(const syntax::BranchStmt* s);
  void Labeled(const syntax::LabeledStmt* s);
  void VarDeclaration(const syntax::VarDecl* d);
  void Assign(const syntax::AssignStmt* s);
  void AssignOp(const Expr* lhs, syntax::Op op, const Expr* rhs, Pos pos);
  void AssignOne(const Expr* lhs, const Expr* rhs, bool define);
  void AssignMany(const syntax::AssignStmt* s);
  void AssignMulti(llvm::ArrayRef<const Expr*> lhs, const Expr* rhs,
                   bool define);
  // Stores a value of type `from` to an lvalue or a variable being declared.
  void AssignOperand(const Expr* lhs, bool define, Operand v, const Type* from);
  // The same for several, as one assignment.
  void AssignOperands(llvm::ArrayRef<const Expr*> lhs, bool define,
                      llvm::ArrayRef<Operand> values,
                      llvm::ArrayRef<const Type*> from);
  // The second phase of an assignment: stores values of the places' types.
  void StoreAll(llvm::ArrayRef<const Expr*> lhs, bool define,
                llvm::MutableArrayRef<Place> places,
                llvm::MutableArrayRef<Operand> values,
                llvm::ArrayRef<const Type*> value_types);
  bool Declares(const Expr* lhs, bool define);
  Reg VariableRegister(const Expr* lhs, bool define, const Type* t);
  void Switch(const syntax::SwitchStmt* s, const syntax::Name* label);
  void SwitchCases(const syntax::SwitchStmt* s, Operand tag, const Type* t,
                   llvm::ArrayRef<uint32_t> bodies, uint32_t otherwise);
  bool SwitchTable(const syntax::SwitchStmt* s, Operand tag, const Type* t,
                   llvm::ArrayRef<uint32_t> bodies, uint32_t otherwise);
  void TypeSwitch(const syntax::TypeSwitchStmt* s, const syntax::Name* label);
  void Select(const syntax::SelectStmt* s, const syntax::Name* label);
  void Range(const syntax::RangeStmt* s, const syntax::Name* label);
  void RangeInt(const syntax::RangeStmt* s);
  void RangeSlice(const syntax::RangeStmt* s);
  void RangeArray(const syntax::RangeStmt* s);
  void RangeString(const syntax::RangeStmt* s);
  void RangeMap(const syntax::RangeStmt* s);
  void RangeChan(const syntax::RangeStmt* s);
  void RangeIndexed(const syntax::RangeStmt* s, Operand length,
                    const Place* element, const Type* elem);
  // Ranges over functions (lower_range_func.cpp).
  struct RangeExit {
    FunctionLowering* target;  // whose block it is; null: the nest's function
    uint32_t block;            // to go on at; kNoBlock: return
    int64_t code;              // what `next` is set to
  };
  void RangeFunc(const syntax::RangeStmt* s, const syntax::Name* label);
  // Makes what a nest of loops shares.
  void BeginRangeNest(RangeInfo& info);
  // Lowers the body, this being that of a function made for it.
  void RangeBody(const syntax::RangeStmt* s, const syntax::Name* label,
                 const types::Signature* yield);
  void ReturnFromBody(bool more);
  // Leaves loops from within a body, for a block of `target`, or to return.
  void LeaveRange(FunctionLowering* target, uint32_t block);
  // Behind the call of a range over a function: goes where its body wanted.
  void RangeDispatch(const FunctionLowering& body);
  void AddExit(const RangeExit& e);
  void RangeReturn(const syntax::ReturnStmt* s);
  void RangeDefer(const Expr* call);
  bool RangeGoto(const syntax::Name* label);
  void RangeBranch(const syntax::Name* label, bool is_break);
  // Calls a function of package runtime.
  void CallRuntime(llvm::StringRef name, llvm::ArrayRef<Operand> args,
                   CallMode mode = CallMode::kCall);
  Operand LoadVar(Symbol* s);
  // The lowering of the declared function or literal that this belongs to.
  FunctionLowering* Home() { return parent_ != nullptr ? home_ : this; }
  uint32_t LabelBlock(const syntax::Name* label);
  void RangeAssign(const Expr* lhs, bool define, Operand v, const Type* t);
  void RangeAssignBoth(const syntax::RangeStmt* s, Operand key,
                       const Type* key_type, Operand value,
                       const Type* value_type);

  // --- state -----------------------------------------------------------------

  struct Target {
    const syntax::Name* label;
    uint32_t break_block;
    uint32_t continue_block;  // kNoBlock: none (switch, select)
  };
  struct Label {
    uint32_t block;
  };

  ProgramLowering& program_;
  Function& f_;
  types::Package* package_;
  TypeEnv env_;
  const types::Signature* sig_ = nullptr;
  Pos pos_;
  uint32_t cur_ = Function::kNoBlock;
  uint32_t loop_depth_ = 0;
  Reg fresh_;  // see the head of this file
  llvm::DenseMap<const Symbol*, VarLoc> vars_;
  llvm::DenseMap<const Expr*, Operand> hoisted_;
  llvm::SmallVector<Target, 8> targets_;
  llvm::DenseMap<const syntax::Name*, uint32_t> labels_;
  uint32_t fallthrough_ = Function::kNoBlock;
  uint32_t exit_block_ = Function::kNoBlock;  // with defers
  // Of the body of a range over a function: the statement, whose body it is
  // in, the function around all such loops, and the outermost loop.
  const syntax::RangeStmt* range_ = nullptr;
  RangeInfo* range_info_ = nullptr;
  FunctionLowering* parent_ = nullptr;
  FunctionLowering* home_ = nullptr;
  RangeInfo* outer_range_ = nullptr;
  llvm::SmallVector<RangeExit, 2> exits_;  // that the body makes use of
  int64_t exit_codes_ = 0;                 // of a function around such loops
  // Of the receiver of the method call lowered last.
  const Type* receiver_type_ = nullptr;
  // The label of the statement that is lowered next.
  uint32_t range_break_ = 0, range_continue_ = 0;
};

}  // namespace mgo::ir

#endif  // MGO_VM_IR_LOWER_FUNCTION_H_
