// Types as Go's messages write them.
#include "lang/types/package.h"
#include "lang/types/quote.h"
#include "lang/types/symbol.h"
#include "lang/types/type.h"

namespace mgo::types {

namespace {

class Writer {
 public:
  explicit Writer(const Package* relative, bool param_names = true)
      : relative_(relative), param_names_(param_names) {}
  void Write(const Type* t);
  void WriteSignature(const Signature* sig);
  std::string Take() { return std::move(out_); }

 private:
  void WriteName(const Symbol* symbol);
  void WriteArgs(llvm::ArrayRef<const Type*> args);
  void WriteParams(llvm::ArrayRef<const TypeParam*> params);
  void WriteTuple(const Tuple* tuple, bool variadic);
  void WriteStruct(const Struct* t);
  void WriteChan(const Chan* t);
  void WriteInterface(const Interface* t);
  void WriteUnion(const Union* t);

  const Package* relative_;
  bool param_names_;
  std::string out_;
};

void Writer::WriteName(const Symbol* symbol) {
  if (symbol->package != nullptr && symbol->package != relative_ &&
      symbol->package->name != nullptr) {
    out_ += symbol->package->name->text;
    out_ += '.';
  }
  out_ += symbol->name->text;
}

void Writer::WriteArgs(llvm::ArrayRef<const Type*> args) {
  if (args.empty()) return;
  out_ += '[';
  for (size_t i = 0; i < args.size(); i++) {
    if (i > 0) out_ += ", ";
    Write(args[i]);
  }
  out_ += ']';
}

// Neighbours with one constraint share it, as in [K comparable, V, W any].
void Writer::WriteParams(llvm::ArrayRef<const TypeParam*> params) {
  if (params.empty()) return;
  out_ += '[';
  for (size_t i = 0; i < params.size(); i++) {
    if (i > 0) {
      if (params[i]->constraint != params[i - 1]->constraint) {
        out_ += ' ';
        Write(params[i - 1]->constraint);
      }
      out_ += ", ";
    }
    Write(params[i]);
  }
  if (params.back()->constraint != nullptr) {
    out_ += ' ';
    Write(params.back()->constraint);
  }
  out_ += ']';
}

void Writer::WriteTuple(const Tuple* tuple, bool variadic) {
  out_ += '(';
  size_t count = tuple != nullptr ? tuple->vars.size() : 0;
  for (size_t i = 0; i < count; i++) {
    const Symbol* var = tuple->vars[i];
    if (i > 0) out_ += ", ";
    if (var->name != nullptr && param_names_) {
      out_ += var->name->text;
      out_ += ' ';
    }
    const auto* slice = llvm::dyn_cast_if_present<Slice>(Unalias(var->type));
    if (variadic && i + 1 == count && slice != nullptr) {
      out_ += "...";
      Write(slice->elem);
    } else {
      Write(var->type);
      // append([]byte, string...) is the one variadic that ends in no slice.
      if (variadic && i + 1 == count) out_ += "...";
    }
  }
  out_ += ')';
}

void Writer::WriteSignature(const Signature* sig) {
  WriteParams(sig->type_params);
  WriteTuple(sig->params, sig->variadic);
  size_t results = sig->results != nullptr ? sig->results->vars.size() : 0;
  if (results == 0) return;
  out_ += ' ';
  if (results == 1 && sig->results->vars[0]->name == nullptr) {
    Write(sig->results->vars[0]->type);
  } else {
    WriteTuple(sig->results, false);
  }
}

void Writer::WriteStruct(const Struct* t) {
  out_ += "struct{";
  for (size_t i = 0; i < t->fields.size(); i++) {
    const Symbol* field = t->fields[i];
    if (i > 0) out_ += "; ";
    if (!field->embedded) {
      out_ += field->name != nullptr ? field->name->text : "_";
      out_ += ' ';
    }
    Write(field->type);
    if (i < t->tags.size() && !t->tags[i].empty()) {
      out_ += ' ' + Quote(t->tags[i]);
    }
  }
  out_ += '}';
}

void Writer::WriteChan(const Chan* t) {
  // The arrow of chan (<-chan T) would bind to the outer one.
  bool parens = false;
  if (t->dir == syntax::ChanDir::kSend) {
    out_ += "chan<- ";
  } else if (t->dir == syntax::ChanDir::kRecv) {
    out_ += "<-chan ";
  } else {
    out_ += "chan ";
    const auto* elem = llvm::dyn_cast_if_present<Chan>(Unalias(t->elem));
    parens = elem != nullptr && elem->dir == syntax::ChanDir::kRecv;
  }
  if (parens) out_ += '(';
  Write(t->elem);
  if (parens) out_ += ')';
}

void Writer::WriteInterface(const Interface* t) {
  if (t->implicit && t->methods.empty() && t->embedded.size() == 1) {
    Write(t->embedded[0]);
    return;
  }
  out_ += "interface{";
  bool first = true;
  auto separate = [&] {
    if (!first) out_ += "; ";
    first = false;
  };
  for (Symbol* method : t->methods) {
    separate();
    out_ += method->name->text;
    if (const Type* sig = TypeOf(method)) {
      if (llvm::isa<Signature>(sig)) {
        WriteSignature(llvm::cast<Signature>(sig));
      }
    }
  }
  for (const Type* embedded : t->embedded) {
    separate();
    Write(embedded);
  }
  out_ += '}';
}

void Writer::WriteUnion(const Union* t) {
  for (size_t i = 0; i < t->terms.size(); i++) {
    if (i > 0) out_ += " | ";
    if (t->terms[i].tilde) out_ += '~';
    Write(t->terms[i].type);
  }
}

void Writer::Write(const Type* t) {
  if (t == nullptr) {
    out_ += "invalid type";
    return;
  }
  switch (t->kind) {
    case TypeKind::kBasic:
      out_ += llvm::cast<Basic>(t)->name;
      break;
    case TypeKind::kNamed: {
      const auto* named = llvm::cast<Named>(t);
      WriteName(named->symbol);
      if (!named->type_args.empty()) {
        WriteArgs(named->type_args);
      } else {
        WriteParams(named->type_params);
      }
      break;
    }
    case TypeKind::kAlias: {
      const auto* alias = llvm::cast<Alias>(t);
      WriteName(alias->symbol);
      if (!alias->type_args.empty()) {
        WriteArgs(alias->type_args);
      } else {
        WriteParams(alias->type_params);
      }
      break;
    }
    case TypeKind::kPointer:
      out_ += '*';
      Write(llvm::cast<Pointer>(t)->elem);
      break;
    case TypeKind::kSlice:
      out_ += "[]";
      Write(llvm::cast<Slice>(t)->elem);
      break;
    case TypeKind::kArray: {
      const auto* array = llvm::cast<Array>(t);
      out_ += '[' + std::to_string(array->length) + ']';
      Write(array->elem);
      break;
    }
    case TypeKind::kMap:
      out_ += "map[";
      Write(llvm::cast<Map>(t)->key);
      out_ += ']';
      Write(llvm::cast<Map>(t)->value);
      break;
    case TypeKind::kChan:
      WriteChan(llvm::cast<Chan>(t));
      break;
    case TypeKind::kStruct:
      WriteStruct(llvm::cast<Struct>(t));
      break;
    case TypeKind::kTuple:
      WriteTuple(llvm::cast<Tuple>(t), false);
      break;
    case TypeKind::kSignature:
      out_ += "func";
      WriteSignature(llvm::cast<Signature>(t));
      break;
    case TypeKind::kInterface:
      WriteInterface(llvm::cast<Interface>(t));
      break;
    case TypeKind::kUnion:
      WriteUnion(llvm::cast<Union>(t));
      break;
    case TypeKind::kTypeParam:
      out_ += llvm::cast<TypeParam>(t)->symbol->name->text;
      break;
  }
}

}  // namespace

std::string TypeString(const Type* t, const Package* relative) {
  Writer writer(relative);
  writer.Write(t);
  return writer.Take();
}

std::string SignatureString(const Signature* sig, const Package* relative) {
  Writer writer(relative, /*param_names=*/false);
  writer.WriteSignature(sig);
  return writer.Take();
}

}  // namespace mgo::types
