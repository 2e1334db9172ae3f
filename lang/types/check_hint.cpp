// Hints for names that are not there: what may have been meant.
#include "lang/types/check.h"

namespace mgo::types {

namespace {

// Finds the name nearest to a misspelt one among those offered.
class Nearest {
 public:
  explicit Nearest(StringRef name) : name_(name) {}

  void Offer(const Symbol* symbol) {
    if (symbol->name == nullptr || best_ == 0) return;
    StringRef other = symbol->name->text;
    unsigned distance = Distance(other);
    if (distance >= kFar || distance > best_) return;
    // A letter left out is likelier than a wrong one.
    bool longer = Contains(other, name_);
    if (distance == best_ && (longer_ || !longer)) return;
    best_ = distance;
    longer_ = longer;
    found_ = symbol;
  }
  void Note(diag::Diagnostic* d) const {
    if (found_ == nullptr) return;
    d->notes.push_back("did you mean " + found_->name->text.str() + "?");
  }

 private:
  // Edits that no slip of the hand explains.
  static constexpr unsigned kFar = 3;
  static constexpr size_t kShort = 5;

  unsigned Distance(StringRef other) const {
    if (name_ == other || name_.size() < 2 || other.size() < 2) return kFar;
    if (name_.equals_insensitive(other)) return 0;
    unsigned most = std::min(best_, name_.size() < kShort ? 1u : 2u);
    // The case of letters counts as no edit: "printn" may be "Println".
    unsigned distance = name_.edit_distance_insensitive(other, true, most);
    return distance <= most ? std::max(distance, 1u) : kFar;
  }

  // Whether the letters of `part` stand in `whole` in the same order.
  static bool Contains(StringRef whole, StringRef part) {
    for (char c : part) {
      size_t at = whole.find_insensitive(c);
      if (at == StringRef::npos) return false;
      whole = whole.drop_front(at + 1);
    }
    return true;
  }

  StringRef name_;
  unsigned best_ = kFar;
  bool longer_ = false;
  const Symbol* found_ = nullptr;
};

}  // namespace

const Name* Checker::ImportedAs(StringRef path, Pos pos) const {
  const diag::SourceFile* file = world_.sources.FileOf(pos);
  for (const auto& [decl, symbol] : imports_) {
    if (decl->name == nullptr || symbol->imported->path != path) continue;
    if (world_.sources.FileOf(decl->pos) == file) return symbol->name;
  }
  return nullptr;
}

// What names of other languages are in Go.
static const char* NameElsewhere(StringRef name) {
  struct Row {
    const char* there;
    const char* here;
  };
  static constexpr Row kRows[] = {
      {"None", "nil"},          {"null", "nil"},
      {"NULL", "nil"},          {"nullptr", "nil"},
      {"printf", "fmt.Printf"}, {"sprintf", "fmt.Sprintf"},
      {"puts", "fmt.Println"},  {"echo", "fmt.Println"},
      {"char", "byte or rune"}, {"double", "float64"},
      {"float", "float64"},     {"long", "int64"},
      {"boolean", "bool"},      {"Exception", "error"},
  };
  for (const Row& row : kRows) {
    if (name == row.there) return row.here;
  }
  return nullptr;
}

void Checker::ReportUndefined(const Ident* e) {
  diag::Diagnostic* d = AddReport(
      DiagKind::kUndefined, e->pos,
      llvm::formatv(diag::PatternOf(DiagKind::kUndefined), e->name->text)
          .str());
  if (d == nullptr || package_.is_library) return;
  Nearest nearest(e->name->text);
  for (Scope* scope = env_.scope; scope != nullptr; scope = scope->Parent()) {
    if (const Symbol* later = scope->Find(e->name)) {
      d->notes.push_back(
          llvm::formatv("{0} is declared after this, on line {1}",
                        e->name->text, world_.sources.Locate(later->pos).line)
              .str());
      return;
    }
    for (const Symbol* symbol : scope->Symbols()) {
      if (IsVisible(symbol)) nearest.Offer(symbol);
    }
  }
  if (const char* known = NameElsewhere(e->name->text)) {
    d->notes.push_back("did you mean " + std::string(known) + "?");
    return;
  }
  std::string path =
      world_.library_path ? world_.library_path(e->name->text) : "";
  const Name* known_as = path.empty() ? nullptr : ImportedAs(path, e->pos);
  if (known_as != nullptr) {
    d->notes.push_back("\"" + path + "\" is imported as " +
                       known_as->text.str());
  } else if (!path.empty() && !IsScript()) {
    d->notes.push_back("import \"" + path + "\" is missing");
  } else {
    nearest.Note(d);
  }
}

void Checker::HintMember(diag::Diagnostic* d, const Package* imported,
                         const Name* name) const {
  if (d == nullptr || imported->scope == nullptr) return;
  Nearest nearest(name->text);
  for (const Symbol* symbol : imported->scope->Symbols()) {
    if (symbol->name->exported) nearest.Offer(symbol);
  }
  nearest.Note(d);
}

// What the methods of collections elsewhere are in Go.
static const char* BuiltinFor(const Type* t, StringRef method) {
  bool slice = As<Slice>(t) != nullptr, map = As<Map>(t) != nullptr;
  bool counted =
      slice || map || As<Array>(t) != nullptr || AllBasic(t, kIsString);
  for (const char* one : {"len", "length", "size", "count", "Len", "Length"}) {
    if (counted && method == one) return "its length is len(x)";
  }
  for (const char* one : {"append", "push", "add", "push_back", "Append"}) {
    if (slice && method == one) return "values are added by x = append(x, v)";
  }
  for (const char* one : {"delete", "remove", "pop"}) {
    if (map && method == one) return "an entry is removed by delete(m, key)";
  }
  return nullptr;
}

void Checker::HintMember(diag::Diagnostic* d, const Type* t,
                         const Name* name) const {
  if (d == nullptr) return;
  if (const char* builtin = BuiltinFor(t, name->text)) {
    d->notes.push_back(builtin);
    return;
  }
  if (const auto* pointer = As<Pointer>(t)) t = pointer->elem;
  Nearest nearest(name->text);
  auto offer = [&](ArrayRef<Symbol*> symbols) {
    for (const Symbol* symbol : symbols) {
      bool own = symbol->package == &package_;
      if (own || symbol->name->exported) nearest.Offer(symbol);
    }
  };
  if (const auto* s = As<Struct>(t)) offer(s->fields);
  if (const auto* iface = As<Interface>(t)) offer(iface->methods);
  const Named* named = AsNamed(t);
  if (named != nullptr && named->origin != nullptr) named = named->origin;
  if (named != nullptr) offer(named->methods);
  nearest.Note(d);
}

void Checker::HintMismatch(diag::Diagnostic* d, const Operand& x,
                           const Operand& y) {
  if (d == nullptr) return;
  bool numeric = AllBasic(x.type, kIsNumeric) && AllBasic(y.type, kIsNumeric);
  if (numeric && !IsUntyped(x.type) && !IsUntyped(y.type)) {
    // The one that loses nothing.
    bool to_x = AllBasic(x.type, kIsFloat) && AllBasic(y.type, kIsInteger);
    const Operand& from = to_x ? y : x;
    HintConversion(d, from, to_x ? x.type : y.type);
    return;
  }
  for (auto [text, number] : {std::pair(&x, &y), std::pair(&y, &x)}) {
    if (!AllBasic(text->type, kIsString)) continue;
    if (!AllBasic(number->type, kIsNumeric) || number->expr == nullptr)
      continue;
    d->notes.push_back("the text of a number is fmt.Sprint(" +
                       Str(number->expr) + ")");
    return;
  }
}

void Checker::HintConversion(diag::Diagnostic* d, const Operand& x,
                             const Type* t) {
  if (d == nullptr || x.expr == nullptr || x.IsNil()) return;
  const auto* literal = dyn_cast<syntax::BasicLit>(syntax::Unparen(x.expr));
  if (literal != nullptr && literal->lit_kind == syntax::LitKind::kChar) {
    if (!AllBasic(t, kIsString)) return;
    d->notes.push_back("a string stands in double quotes");
    return;
  }
  if (IsUntyped(x.type) || IsTypeParam(t)) return;
  if (AllBasic(t, kIsNumeric) && AllBasic(x.type, kIsNumeric)) {
    bool complex = AllBasic(t, kIsComplex) || AllBasic(x.type, kIsComplex);
    if (complex) return;
    d->notes.push_back("it may be converted: " + Str(t) + "(" + Str(x.expr) +
                       ")");
  }
}

void Checker::HintCondition(diag::Diagnostic* d, const Operand& x) {
  if (d == nullptr || x.expr == nullptr || x.IsNil()) return;
  const char* zero = AllBasic(x.type, kIsNumeric)  ? "0"
                     : AllBasic(x.type, kIsString) ? "\"\""
                     : As<Pointer>(x.type) != nullptr || IsInterface(x.type)
                         ? "nil"
                         : nullptr;
  if (zero == nullptr) return;
  d->notes.push_back("a condition is a comparison: " + Str(x.expr) +
                     " != " + zero);
}

}  // namespace mgo::types
