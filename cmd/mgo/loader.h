// Loading packages: from files and folders to checked packages.
#ifndef MGO_CMD_MGO_LOADER_H_
#define MGO_CMD_MGO_LOADER_H_

#include <string>
#include <vector>

#include "lang/diag/diagnostic.h"
#include "lang/types/checker.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

namespace mgo::cmd {

// Reads, parses and checks a program's packages into a World. Imports are
// looked up in this order: relative paths ("./shape", beside the importing
// file), the packages of the enclosing go.mod's module, the standard library.
//
// A folder is one package, whatever path leads to it. Its import path is that
// of the module; in a program without a module, the path from the program's
// folder, "./shape".
class Loader {
 public:
  Loader(types::World& world, diag::DiagnosticSink& sink);

  // Loads the program from files, or from one folder. Null: errors are in the
  // sink, or `error` says what is wrong with the arguments.
  types::Package* LoadMain(const std::vector<std::string>& paths,
                           std::string* error);

 private:
  // A package on the way from the program to the one that is being loaded.
  struct Loading {
    std::string folder;  // absolute; of the library: its import path
    std::string path;    // import path
    std::string file;    // base name of the file that imports the next
    bool is_library;
  };

  types::Package* Import(llvm::StringRef path, diag::Pos pos);
  types::Package* LoadLibrary(llvm::StringRef path);
  types::Package* LoadFolder(llvm::StringRef folder, llvm::StringRef spelling,
                             diag::Pos pos);
  types::Package* LoadFiles(const std::vector<std::string>& files,
                            llvm::StringRef path, llvm::StringRef spelling,
                            diag::Pos pos, std::string* error);
  bool CheckPackageNames(const syntax::PackageSyntax& syntax,
                         llvm::StringRef spelling, diag::Pos pos);
  types::Package* Check(std::unique_ptr<types::Package> package);
  bool SelectSources(const std::vector<std::string>& files, diag::Pos pos,
                     std::string* error, std::vector<std::string>* selected);
  void FindModule(llvm::StringRef folder);
  std::string ImportPathOf(llvm::StringRef folder) const;
  bool MayUseInternal(llvm::StringRef folder, llvm::StringRef path) const;
  // Reports an import of a package that is nowhere.
  void ReportNoPackage(llvm::StringRef import_path, diag::Pos pos);
  void ReportCycle(llvm::StringRef path, diag::Pos pos);

  types::World& world_;
  diag::DiagnosticSink& sink_;
  llvm::StringMap<types::Package*> loaded_;  // by Loading::folder
  std::vector<Loading> loading_;             // outermost first
  std::string main_folder_;                  // absolute
  bool main_is_program_ = false;             // and cannot be imported
  std::string module_path_, module_root_;    // of the enclosing go.mod
};

// Tells whether that file can be read and is a script.
bool IsScriptFile(const std::string& name);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_LOADER_H_
