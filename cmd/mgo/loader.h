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
class Loader {
 public:
  Loader(types::World& world, diag::DiagnosticSink& sink);

  // Loads package main from files, or from one folder. Null: errors are in the
  // sink, or `error` says what is wrong with the arguments.
  types::Package* LoadMain(const std::vector<std::string>& paths,
                           std::string* error);

 private:
  types::Package* Import(llvm::StringRef path, diag::Pos pos);
  types::Package* LoadLibrary(llvm::StringRef path);
  types::Package* LoadFolder(llvm::StringRef folder, llvm::StringRef path,
                             diag::Pos pos);
  types::Package* LoadFiles(const std::vector<std::string>& files,
                            llvm::StringRef path, diag::Pos pos,
                            std::string* error);
  types::Package* Check(std::unique_ptr<types::Package> package);
  void FindModule(llvm::StringRef folder);
  void ReportCycle(llvm::StringRef path, diag::Pos pos);

  types::World& world_;
  diag::DiagnosticSink& sink_;
  llvm::StringMap<types::Package*> loaded_;  // by import path or folder
  std::vector<std::string> loading_;         // keys, outermost first
  std::string module_path_, module_root_;    // of the enclosing go.mod
};

// Tells whether that file can be read and is a script.
bool IsScriptFile(const std::string& name);

}  // namespace mgo::cmd

#endif  // MGO_CMD_MGO_LOADER_H_
