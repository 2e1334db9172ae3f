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

void Checker::HintMember(diag::Diagnostic* d, const Type* t,
                         const Name* name) const {
  if (d == nullptr) return;
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

}  // namespace mgo::types
