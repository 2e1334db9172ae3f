// Types as package reflect spells them.
#include "lang/types/package.h"
#include "vm/codegen/type_table.h"

namespace mgo::codegen {

using types::As;
using types::Type;

namespace {

// Appends a string in Go syntax.
void AppendQuoted(std::string* out, llvm::StringRef text) {
  *out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') *out += '\\';
    *out += c;
  }
  *out += '"';
}

void AppendType(std::string* out, const Type* type);

void AppendTuple(std::string* out, const types::Tuple* tuple, bool variadic) {
  size_t count = tuple->vars.size();
  for (size_t i = 0; i < count; i++) {
    if (i > 0) *out += ", ";
    const Type* type = tuple->vars[i]->type;
    if (variadic && i + 1 == count) {
      *out += "...";
      type = As<types::Slice>(type)->elem;
    }
    AppendType(out, type);
  }
}

void AppendSignature(std::string* out, const types::Signature* sig) {
  *out += '(';
  AppendTuple(out, sig->params, sig->variadic);
  *out += ')';
  if (sig->results->vars.empty()) return;
  *out += ' ';
  bool many = sig->results->vars.size() > 1;
  if (many) *out += '(';
  AppendTuple(out, sig->results, false);
  if (many) *out += ')';
}

void AppendStruct(std::string* out, const types::Struct* s) {
  *out += "struct {";
  for (size_t i = 0; i < s->fields.size(); i++) {
    *out += i > 0 ? "; " : " ";
    const types::Symbol* field = s->fields[i];
    if (!field->embedded) {
      *out += field->name->text;
      *out += ' ';
    }
    AppendType(out, field->type);
    if (i < s->tags.size() && !s->tags[i].empty()) {
      *out += ' ';
      AppendQuoted(out, s->tags[i]);
    }
  }
  *out += s->fields.empty() ? "}" : " }";
}

void AppendInterface(std::string* out, const types::Interface* iface) {
  *out += "interface {";
  for (size_t i = 0; i < iface->all_methods.size(); i++) {
    *out += i > 0 ? "; " : " ";
    const types::Symbol* method = iface->all_methods[i];
    if (!method->name->exported && method->package != nullptr) {
      *out += method->package->name->text;
      *out += '.';
    }
    *out += method->name->text;
    AppendSignature(out, As<types::Signature>(method->type));
  }
  *out += iface->all_methods.empty() ? "}" : " }";
}

void AppendNamed(std::string* out, const types::Named* named) {
  const types::Symbol* symbol = named->symbol;
  if (symbol->package != nullptr) {
    *out += symbol->package->name->text;
    *out += '.';
  }
  *out += symbol->name->text;
  if (named->type_args.empty()) return;
  *out += '[';
  for (size_t i = 0; i < named->type_args.size(); i++) {
    if (i > 0) *out += ',';
    AppendType(out, named->type_args[i]);
  }
  *out += ']';
}

void AppendChan(std::string* out, const types::Chan* chan) {
  switch (chan->dir) {
    case syntax::ChanDir::kSend:
      *out += "chan<- ";
      break;
    case syntax::ChanDir::kRecv:
      *out += "<-chan ";
      break;
    case syntax::ChanDir::kBoth:
      *out += "chan ";
      break;
  }
  const auto* inner = llvm::dyn_cast<types::Chan>(types::Unalias(chan->elem));
  bool wrap = chan->dir != syntax::ChanDir::kSend && inner != nullptr &&
              inner->dir == syntax::ChanDir::kRecv;
  if (wrap) *out += '(';
  AppendType(out, chan->elem);
  if (wrap) *out += ')';
}

void AppendType(std::string* out, const Type* type) {
  type = types::Unalias(type);
  switch (type->kind) {
    case types::TypeKind::kBasic: {
      const auto* basic = llvm::cast<types::Basic>(type);
      if (basic->basic == types::BasicKind::kUint8) {
        *out += "uint8";
      } else if (basic->basic == types::BasicKind::kInt32) {
        *out += "int32";
      } else if (basic->basic == types::BasicKind::kUnsafePointer) {
        *out += "unsafe.Pointer";
      } else {
        *out += basic->name;
      }
      return;
    }
    case types::TypeKind::kNamed:
      return AppendNamed(out, llvm::cast<types::Named>(type));
    case types::TypeKind::kPointer:
      *out += '*';
      return AppendType(out, llvm::cast<types::Pointer>(type)->elem);
    case types::TypeKind::kSlice:
      *out += "[]";
      return AppendType(out, llvm::cast<types::Slice>(type)->elem);
    case types::TypeKind::kArray: {
      const auto* array = llvm::cast<types::Array>(type);
      *out += '[';
      *out += std::to_string(array->length);
      *out += ']';
      return AppendType(out, array->elem);
    }
    case types::TypeKind::kMap: {
      const auto* map = llvm::cast<types::Map>(type);
      *out += "map[";
      AppendType(out, map->key);
      *out += ']';
      return AppendType(out, map->value);
    }
    case types::TypeKind::kChan:
      return AppendChan(out, llvm::cast<types::Chan>(type));
    case types::TypeKind::kStruct:
      return AppendStruct(out, llvm::cast<types::Struct>(type));
    case types::TypeKind::kSignature:
      *out += "func";
      return AppendSignature(out, llvm::cast<types::Signature>(type));
    case types::TypeKind::kInterface:
      return AppendInterface(out, llvm::cast<types::Interface>(type));
    default:
      *out += types::TypeString(type, nullptr);
  }
}

}  // namespace

std::string ReflectString(const Type* type) {
  std::string out;
  AppendType(&out, type);
  return out;
}

}  // namespace mgo::codegen
