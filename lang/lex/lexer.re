// The lexer's automaton; re2c makes C++ of it at build time. See lexer.h.
#include "lang/lex/lexer.h"

#include "lang/lex/scanner.h"

namespace mgo::lex {

TokenStream Lex(const diag::SourceFile& file, diag::DiagnosticSink& sink) {
  return Scanner(file, sink).Run();
}

void Scanner::ScanTokens() {
  using K = TokenKind;
  const char* marker = nullptr;
  for (;;) {
    // Whatever is wrong with such a file is not a slip of the pen.
    if (errors_ >= kMaxLexErrors) cur_ = limit_;
    start_ = cur_;
    /*!re2c
      re2c:api:style = free-form;
      re2c:define:YYCTYPE = "unsigned char";
      re2c:define:YYCURSOR = cur_;
      re2c:define:YYMARKER = marker;
      re2c:yyfill:enable = 0;

      letter = [A-Za-z_];
      digit = [0-9];

      [ \t\r]+       { continue; }
      "\n"           { EmitSemicolon(kFromNewline, start_); continue; }
      "//"           { LineComment(); continue; }
      "/" "*"        { BlockComment(); continue; }

      [\x80-\xFF]    { cur_ = start_; Name(); continue; }
      [1-9] digit* / [^0-9A-Za-z_.\x80-\xff\x00] {
        Emit(K::kInt, true);
        continue;
      }
      digit | "." digit { Number(); continue; }
      ["]            { String(); continue; }
      "`"            { RawString(); continue; }
      [']            { Rune(); continue; }

      "break"        { Keyword(K::kBreak, true); continue; }
      "case"         { Keyword(K::kCase, false); continue; }
      "chan"         { Keyword(K::kChan, false); continue; }
      "const"        { Keyword(K::kConst, false); continue; }
      "continue"     { Keyword(K::kContinue, true); continue; }
      "default"      { Keyword(K::kDefault, false); continue; }
      "defer"        { Keyword(K::kDefer, false); continue; }
      "else"         { Keyword(K::kElse, false); continue; }
      "fallthrough"  { Keyword(K::kFallthrough, true); continue; }
      "for"          { Keyword(K::kFor, false); continue; }
      "func"         { Keyword(K::kFunc, false); continue; }
      "go"           { Keyword(K::kGo, false); continue; }
      "goto"         { Keyword(K::kGoto, false); continue; }
      "if"           { Keyword(K::kIf, false); continue; }
      "import"       { Keyword(K::kImport, false); continue; }
      "interface"    { Keyword(K::kInterface, false); continue; }
      "map"          { Keyword(K::kMap, false); continue; }
      "package"      { Keyword(K::kPackage, false); continue; }
      "range"        { Keyword(K::kRange, false); continue; }
      "return"       { Keyword(K::kReturn, true); continue; }
      "select"       { Keyword(K::kSelect, false); continue; }
      "struct"       { Keyword(K::kStruct, false); continue; }
      "switch"       { Keyword(K::kSwitch, false); continue; }
      "type"         { Keyword(K::kType, false); continue; }
      "var"          { Keyword(K::kVar, false); continue; }

      letter (letter | digit)* {
        if (static_cast<unsigned char>(*cur_) < 0x80) {
          Emit(K::kName, true);
        } else {
          Name();
        }
        continue;
      }

      "+"            { Emit(K::kAdd, false); continue; }
      "-"            { Emit(K::kSub, false); continue; }
      "*"            { Emit(K::kMul, false); continue; }
      "/"            { Emit(K::kQuo, false); continue; }
      "%"            { Emit(K::kRem, false); continue; }
      "&"            { Emit(K::kAnd, false); continue; }
      "|"            { Emit(K::kOr, false); continue; }
      "^"            { Emit(K::kXor, false); continue; }
      "<<"           { Emit(K::kShl, false); continue; }
      ">>"           { Emit(K::kShr, false); continue; }
      "&^"           { Emit(K::kAndNot, false); continue; }
      "+="           { Emit(K::kAddAssign, false); continue; }
      "-="           { Emit(K::kSubAssign, false); continue; }
      "*="           { Emit(K::kMulAssign, false); continue; }
      "/="           { Emit(K::kQuoAssign, false); continue; }
      "%="           { Emit(K::kRemAssign, false); continue; }
      "&="           { Emit(K::kAndAssign, false); continue; }
      "|="           { Emit(K::kOrAssign, false); continue; }
      "^="           { Emit(K::kXorAssign, false); continue; }
      "<<="          { Emit(K::kShlAssign, false); continue; }
      ">>="          { Emit(K::kShrAssign, false); continue; }
      "&^="          { Emit(K::kAndNotAssign, false); continue; }
      "&&"           { Emit(K::kLAnd, false); continue; }
      "||"           { Emit(K::kLOr, false); continue; }
      "<-"           { Emit(K::kArrow, false); continue; }
      "++"           { Emit(K::kInc, true); continue; }
      "--"           { Emit(K::kDec, true); continue; }
      "=="           { Emit(K::kEql, false); continue; }
      "<"            { Emit(K::kLss, false); continue; }
      ">"            { Emit(K::kGtr, false); continue; }
      "="            { Emit(K::kAssign, false); continue; }
      "!"            { Emit(K::kNot, false); continue; }
      "~"            { Emit(K::kTilde, false); continue; }
      "!="           { Emit(K::kNeq, false); continue; }
      "<="           { Emit(K::kLeq, false); continue; }
      ">="           { Emit(K::kGeq, false); continue; }
      ":="           { Emit(K::kDefine, false); continue; }
      "..."          { Emit(K::kEllipsis, false); continue; }
      "("            { Emit(K::kLParen, false); continue; }
      "["            { Emit(K::kLBrack, false); continue; }
      "{"            { Emit(K::kLBrace, false); continue; }
      ","            { Emit(K::kComma, false); continue; }
      "."            { Emit(K::kPeriod, false); continue; }
      ")"            { Emit(K::kRParen, true); continue; }
      "]"            { Emit(K::kRBrack, true); continue; }
      "}"            { Emit(K::kRBrace, true); continue; }
      ";"            { Emit(K::kSemicolon, false); continue; }
      ":"            { Emit(K::kColon, false); continue; }

      *              {
        if (start_ == limit_) {
          cur_ = limit_;
          EmitSemicolon(kFromEof, limit_);
          return;
        }
        StrayByte();
        continue;
      }
    */
  }
}

}  // namespace mgo::lex
