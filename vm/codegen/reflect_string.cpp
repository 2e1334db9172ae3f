// Types as package reflect spells them.
#include "lang/types/package.h"
#include "vm/codegen/type_table.h"

namespace mgo::codegen {

using types::As;
using types::Type;

namespace {

class Writer {
 public:
  void WriteType(const Type* type);
  std::string Take() { return std::move(out_); }

 private:
  void WriteQuoted(llvm::StringRef text);
  void WriteTuple(const types::Tuple* tuple, bool variadic);
  void WriteSignature(const types::Signature* sig);
  void WriteField(const types::Symbol* field);
  void WriteStruct(const types::Struct* s);
  void WriteInterface(const types::Interface* iface);
  void WriteArgs(llvm::ArrayRef<const Type*> args);
  void WriteNamed(const types::Named* named);
  void WriteChan(const types::Chan* chan);
  void WritePackage(const types::Package* package) {
    out_ += in_args_ ? package->path : package->name->text.str();
    out_ += '.';
  }

  std::string out_;
  // Type arguments are spelt so that different types have different names.
  bool in_args_ = false;
};

// Writes a string in Go syntax.
void Writer::WriteQuoted(llvm::StringRef text) {
  out_ += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out_ += '\\';
    out_ += c;
  }
  out_ += '"';
}

void Writer::WriteTuple(const types::Tuple* tuple, bool variadic) {
  size_t count = tuple->vars.size();
  for (size_t i = 0; i < count; i++) {
    if (i > 0) out_ += ", ";
    const Type* type = tuple->vars[i]->type;
    if (variadic && i + 1 == count) {
      out_ += "...";
      type = As<types::Slice>(type)->elem;
    }
    WriteType(type);
  }
}

void Writer::WriteSignature(const types::Signature* sig) {
  out_ += '(';
  WriteTuple(sig->params, sig->variadic);
  out_ += ')';
  if (sig->results->vars.empty()) return;
  out_ += ' ';
  bool many = sig->results->vars.size() > 1;
  if (many) out_ += '(';
  WriteTuple(sig->results, false);
  if (many) out_ += ')';
}

void Writer::WriteField(const types::Symbol* field) {
  bool named = !field->embedded;
  if (in_args_ && field->embedded) {
    // The name is left out where it is the type's.
    const Type* type = types::Unalias(field->type);
    if (const auto* pointer = llvm::dyn_cast<types::Pointer>(type)) {
      type = types::Unalias(pointer->elem);
    }
    const auto* own = llvm::dyn_cast<types::Named>(type);
    named = own == nullptr || own->symbol->name != field->name ||
            !own->type_args.empty() ||
            (own->symbol->package != field->package && !field->name->exported);
  }
  if (named) {
    if (in_args_ && !field->name->exported && field->package != nullptr) {
      WritePackage(field->package);
    }
    out_ += field->name->text;
    out_ += field->embedded ? " = " : " ";
  }
  WriteType(field->type);
}

void Writer::WriteStruct(const types::Struct* s) {
  out_ += "struct {";
  for (size_t i = 0; i < s->fields.size(); i++) {
    out_ += i > 0 ? "; " : " ";
    const types::Symbol* field = s->fields[i];
    WriteField(field);
    if (i < s->tags.size() && !s->tags[i].empty()) {
      out_ += ' ';
      WriteQuoted(s->tags[i]);
    }
  }
  out_ += s->fields.empty() ? "}" : " }";
}

void Writer::WriteInterface(const types::Interface* iface) {
  out_ += "interface {";
  for (size_t i = 0; i < iface->all_methods.size(); i++) {
    out_ += i > 0 ? "; " : " ";
    const types::Symbol* method = iface->all_methods[i];
    if (!method->name->exported && method->package != nullptr) {
      WritePackage(method->package);
    }
    out_ += method->name->text;
    WriteSignature(As<types::Signature>(method->type));
  }
  out_ += iface->all_methods.empty() ? "}" : " }";
}

void Writer::WriteArgs(llvm::ArrayRef<const Type*> args) {
  bool outer = in_args_;
  in_args_ = true;
  for (size_t i = 0; i < args.size(); i++) {
    if (i > 0) out_ += ',';
    WriteType(args[i]);
  }
  in_args_ = outer;
}

void Writer::WriteNamed(const types::Named* named) {
  const types::Symbol* symbol = named->symbol;
  if (symbol->package != nullptr) WritePackage(symbol->package);
  out_ += symbol->name->text;
  if (!named->outer_args.empty() || !named->type_args.empty()) {
    out_ += '[';
    WriteArgs(named->outer_args);
    if (!named->outer_args.empty() && !named->type_args.empty()) out_ += ';';
    WriteArgs(named->type_args);
    out_ += ']';
  }
  if (in_args_ && named->local_number != 0) {
    out_ += "·" + std::to_string(named->local_number);
  }
}

void Writer::WriteChan(const types::Chan* chan) {
  switch (chan->dir) {
    case syntax::ChanDir::kSend:
      out_ += "chan<- ";
      break;
    case syntax::ChanDir::kRecv:
      out_ += "<-chan ";
      break;
    case syntax::ChanDir::kBoth:
      out_ += "chan ";
      break;
  }
  const auto* inner = llvm::dyn_cast<types::Chan>(types::Unalias(chan->elem));
  bool wrap = chan->dir != syntax::ChanDir::kSend && inner != nullptr &&
              inner->dir == syntax::ChanDir::kRecv;
  if (wrap) out_ += '(';
  WriteType(chan->elem);
  if (wrap) out_ += ')';
}

void Writer::WriteType(const Type* type) {
  type = types::Unalias(type);
  switch (type->kind) {
    case types::TypeKind::kBasic: {
      const auto* basic = llvm::cast<types::Basic>(type);
      if (basic->basic == types::BasicKind::kUint8) {
        out_ += "uint8";
      } else if (basic->basic == types::BasicKind::kInt32) {
        out_ += "int32";
      } else if (basic->basic == types::BasicKind::kUnsafePointer) {
        out_ += "unsafe.Pointer";
      } else {
        out_ += basic->name;
      }
      return;
    }
    case types::TypeKind::kNamed:
      return WriteNamed(llvm::cast<types::Named>(type));
    case types::TypeKind::kPointer:
      out_ += '*';
      return WriteType(llvm::cast<types::Pointer>(type)->elem);
    case types::TypeKind::kSlice:
      out_ += "[]";
      return WriteType(llvm::cast<types::Slice>(type)->elem);
    case types::TypeKind::kArray: {
      const auto* array = llvm::cast<types::Array>(type);
      out_ += '[';
      out_ += std::to_string(array->length);
      out_ += ']';
      return WriteType(array->elem);
    }
    case types::TypeKind::kMap: {
      const auto* map = llvm::cast<types::Map>(type);
      out_ += "map[";
      WriteType(map->key);
      out_ += ']';
      return WriteType(map->value);
    }
    case types::TypeKind::kChan:
      return WriteChan(llvm::cast<types::Chan>(type));
    case types::TypeKind::kStruct:
      return WriteStruct(llvm::cast<types::Struct>(type));
    case types::TypeKind::kSignature:
      out_ += "func";
      return WriteSignature(llvm::cast<types::Signature>(type));
    case types::TypeKind::kInterface:
      return WriteInterface(llvm::cast<types::Interface>(type));
    default:
      out_ += types::TypeString(type, nullptr);
  }
}

}  // namespace

std::string ReflectString(const Type* type) {
  Writer writer;
  writer.WriteType(type);
  return writer.Take();
}

}  // namespace mgo::codegen
