// The grammar of the Go 1.26 specification, for Bison.
//
// It is LALR(1) without conflicts that the precedences below do not settle.
// What makes that possible:
//   - `{` after a control clause's header is the token LBODY: see
//     lang/lex/brace_filter.h;
//   - types are expressions wherever an expression may stand, and `type` is
//     used only where nothing but a type is legal;
//   - parameters are a list of entries "type" or "name type", which
//     Builder::FinishParams sorts out; so are type parameters;
//   - a script starts with a token SCRIPT that stands in no file, and is a list
//     of statements; where it declares a function or imports, the keywords are
//     FUNC_DECL and IMPORT_DECL: see lang/lex/script_filter.h;
//   - `type T[P C]` is read as an array type as long as it can be one, and
//     Builder::SplitTypeParam changes that reading.
// Syntax errors get their wording in syntax_error.cpp, from the symbols on
// the parser's stack.
%require "3.8"
%language "c++"
%skeleton "lalr1.cc"
%define api.namespace {mgo::syntax}
%define api.parser.class {GrammarParser}
%define api.value.type {mgo::syntax::Value}
%define api.token.raw
%define api.token.prefix {T_}
%define parse.error custom
%expect 0
%header

%code requires {
#include "lang/syntax/builder.h"
#include "lang/syntax/parse_state.h"
}
%code {
#include "lang/syntax/token_feed.h"

// Ends Bison's error mode, so that the next error is reported too; in that
// mode the parser gives up at the end of the file.
#define RECOVERED \
  if (!s.GivenUp()) yyerrok
}
%param {mgo::syntax::ParseState& s}

// Terminals, in the order of lang/lex/tokens.def.
%token EOF 0 "EOF"
%token NAME INT FLOAT IMAG CHAR STRING
%token ADD SUB MUL QUO REM AND OR XOR SHL SHR AND_NOT
%token ADD_ASSIGN SUB_ASSIGN MUL_ASSIGN QUO_ASSIGN REM_ASSIGN
%token AND_ASSIGN OR_ASSIGN XOR_ASSIGN SHL_ASSIGN SHR_ASSIGN AND_NOT_ASSIGN
%token LAND LOR ARROW INC DEC EQL LSS GTR ASSIGN NOT TILDE NEQ LEQ GEQ DEFINE
%token ELLIPSIS LPAREN LBRACK LBRACE LBODY COMMA PERIOD RPAREN RBRACK RBRACE
%token SEMI COLON
%token BREAK CASE CHAN CONST CONTINUE DEFAULT DEFER ELSE FALLTHROUGH FOR FUNC
%token GO GOTO IF IMPORT INTERFACE MAP PACKAGE RANGE RETURN SELECT STRUCT
%token SWITCH TYPE VAR
%token FUNC_DECL IMPORT_DECL SCRIPT

// A type goes on as long as it can: `func() (T)` has a result, `T[int]` is an
// instance.
%precedence SHORTEST
%precedence error
%precedence LPAREN LBRACK PERIOD ARROW

%left LOR
%left LAND
%left EQL NEQ LSS LEQ GTR GEQ
%left ADD SUB OR XOR
%left MUL QUO REM SHL SHR AND AND_NOT
%precedence UNARY

%start unit

%%

// --- files and declarations ---

unit:
  file
| SCRIPT stmts                    { s.b.SetScript($1, $2, s.Here()); }
;

file:
  package_clause SEMI top_decls
;

package_clause:
  PACKAGE NAME                    { s.b.SetPackage($2); }
;

top_decls:
  %empty
| top_decls top_decl SEMI
| top_decls error                { RECOVERED; s.b.EndImports(); }
;

top_decl:
  import_decl
| decl                            { s.b.EndImports(); }
| func_decl {
    s.b.EndImports();
    s.b.AddDecl(s.b.StartDecls(), $1);
  }
| bad_func                        { s.b.EndImports(); }
;

import_decl:
  IMPORT imports                  { s.b.CheckImport($1); }
;

imports:
  import_spec
| LPAREN RPAREN
| LPAREN import_specs opt_semi RPAREN
;

import_specs: import_spec | import_specs SEMI import_spec;

import_spec:
  STRING                        { s.Import(s.b.NoValue(), $1); }
| NAME STRING                   { s.Import(s.b.MakeIdent($1), $2); }
| PERIOD STRING                 { s.Import(s.b.MakeIdent($1), $2); }
| error                         { RECOVERED; }
;

opt_semi: %empty | SEMI;

// The list of specifications, on the stack of declarations.
decl:
  CONST const_spec              { $$ = s.Const($1, $2); }
| CONST LPAREN RPAREN           { $$ = s.Const($1, s.b.StartDecls()); }
| CONST LPAREN const_specs opt_semi RPAREN
                                { $$ = s.Const($1, $3); }
| VAR var_spec                  { $$ = s.From($1, $2); }
| VAR LPAREN RPAREN             { $$ = s.From($1, s.b.StartDecls()); }
| VAR LPAREN var_specs opt_semi RPAREN
                                { $$ = s.From($1, $3); }
| TYPE type_spec                { $$ = s.From($1, $2); }
| TYPE LPAREN RPAREN            { $$ = s.From($1, s.b.StartDecls()); }
| TYPE LPAREN type_specs opt_semi RPAREN
                                { $$ = s.From($1, $3); }
;

const_specs:
  const_spec
| const_specs SEMI const_spec         { $$ = s.Longer($1, $3); }
;

const_spec:
  names  %prec SHORTEST
                { $$ = s.ConstSpec($1, s.b.NoValue(), s.b.StartExprs()); }
| names good_type               { $$ = s.ConstSpec($1, $2, s.b.StartExprs()); }
| names ASSIGN exprs            { $$ = s.ConstSpec($1, s.b.NoValue(), $3); }
| names good_type ASSIGN exprs  { $$ = s.ConstSpec($1, $2, $4); }
| error                         { RECOVERED; $$ = s.b.StartDecls(); }
;

var_specs:
  var_spec
| var_specs SEMI var_spec         { $$ = s.Longer($1, $3); }
;

var_spec:
  names type                    { $$ = s.VarSpec($1, $2, s.b.StartExprs()); }
| names ASSIGN exprs            { $$ = s.VarSpec($1, s.b.NoValue(), $3); }
| names type ASSIGN exprs       { $$ = s.VarSpec($1, $2, $4); }
| error                         { RECOVERED; $$ = s.b.StartDecls(); }
;

names:
  NAME                            { $$ = s.b.AddName(s.b.StartNames(), $1); }
| names COMMA NAME                { $$ = s.b.AddName($1, $3); }
;

type_specs:
  type_spec
| type_specs SEMI type_spec     { $$ = s.Longer($1, $3); }
;

type_spec:
  NAME named_type
                   { $$ = s.Type($1, s.b.StartFields(), false, $2); }
| NAME other_type
                   { $$ = s.Type($1, s.b.StartFields(), false, $2); }
| NAME ASSIGN type
                   { $$ = s.Type($1, s.b.StartFields(), true, $3); }
| NAME LBRACK RBRACK type {
    Value type = s.b.MakeArrayType($2, s.b.NoValue(), $4);
    $$ = s.Type($1, s.b.StartFields(), false, type);
  }
| NAME LBRACK ELLIPSIS RBRACK type {
    Value len = s.b.MakeEllipsis($3, s.b.NoValue());
    Value type = s.b.MakeArrayType($2, len, $5);
    $$ = s.Type($1, s.b.StartFields(), false, type);
  }
| NAME LBRACK expr RBRACK type {
    Value params;
    if (s.b.SplitTypeParam($3, false, &params)) {
      params = s.b.FinishParams(params, ParamRole::kTypeParams, $4);
      $$ = s.Type($1, params, false, $5);
    } else {
      Value type = s.b.MakeArrayType($2, $3, $5);
      $$ = s.Type($1, s.b.StartFields(), false, type);
    }
  }
| NAME LBRACK expr RBRACK ASSIGN type {
    Value params;
    if (!s.b.SplitTypeParam($3, false, &params)) s.UnexpectedAssign($5);
    params = s.b.FinishParams(params, ParamRole::kTypeParams, $4);
    $$ = s.Type($1, params, true, $6);
  }
| NAME sure_type_params type            { $$ = s.Type($1, $2, false, $3); }
| NAME sure_type_params ASSIGN type     { $$ = s.Type($1, $2, true, $4); }
| NAME error                    { RECOVERED; $$ = s.b.StartDecls(); }
| error                         { RECOVERED; $$ = s.b.StartDecls(); }
;

// Type parameters that cannot be the length of an array.
sure_type_params:
  LBRACK sure_entries opt_comma RBRACK
                { $$ = s.b.FinishParams($2, ParamRole::kTypeParams, $4); }
| LBRACK expr_comma RBRACK
                { $$ = s.b.FinishParams($2, ParamRole::kTypeParams, $3); }
;

sure_entries:
  NAME sure_constraint
      { $$ = s.b.AddField(s.b.StartFields(), s.b.MakeIdent($1), $2); }
| expr_comma type_param
      { $$ = s.b.AddField($1, s.FieldName(), $2); }
| sure_entries COMMA type_param
      { $$ = s.b.AddField($1, s.FieldName(), $3); }
;

expr_comma:
  expr COMMA {
    if (!s.b.SplitTypeParam($1, true, &$$)) s.UnexpectedComma($2);
  }
;

// A type parameter, its name in s.FieldName().
type_param:
  NAME                     { $$ = s.b.MakeIdent($1); s.SetFieldName(); }
| NAME constraint          { $$ = $2; s.SetFieldName(s.b.MakeIdent($1)); }
| unnamed_type_param       { $$ = $1; s.SetFieldName(); }
;

// What is refused, but with words of its own.
unnamed_type_param:
  NAME OR term           { $$ = s.b.MakeBinary(s.b.MakeIdent($1), Op::kOr, $2,
                                               $3); }
| bracket_type
| other_type
| TILDE type             { $$ = s.b.MakeUnary(Op::kTilde, $1, $2); }
| unnamed_type_param OR term
                         { $$ = s.b.MakeBinary($1, Op::kOr, $2, $3); }
;

type_params:
  LBRACK type_param_list opt_comma RBRACK {
    $$ = s.From($1, s.b.FinishParams($2, ParamRole::kTypeParams, $4));
  }
;

type_param_list:
  type_param
      { $$ = s.b.AddField(s.b.StartFields(), s.FieldName(), $1); }
| type_param_list COMMA type_param
      { $$ = s.b.AddField($1, s.FieldName(), $3); }
| error                         { RECOVERED; $$ = s.b.StartFields(); }
;

func_decl:
  FUNC func_rest                  { $$ = $2; }
;

// $0 is the keyword.
func_rest:
  NAME signature opt_block
      { $$ = s.b.MakeFunc($0, s.b.StartFields(), $1, s.b.StartFields(), $2,
                          $3); }
| NAME type_params signature opt_block
      { $$ = s.b.MakeFunc($0, s.b.StartFields(), $1, $2, $3, $4); }
| receiver NAME signature opt_block
      { $$ = s.b.MakeFunc($0, $1, $2, s.b.StartFields(), $3, $4); }
| receiver NAME type_params signature opt_block {
    s.MethodTypeParams($3);
    $$ = s.b.MakeFunc($0, $1, $2, $3, $4, $5);
  }
;

opt_block: %empty               { $$ = s.b.NoValue(); } | block;

// Without a name, or the start of a receiver.
bad_func: bad_func_head opt_block;

bad_func_head:
  FUNC error                      { RECOVERED; }
| FUNC receiver error             { RECOVERED; }
;

receiver:
  LPAREN params RPAREN
      { $$ = s.b.FinishParams($2, ParamRole::kParams, $3);
        s.b.CheckReceiver($1, $$, s.NextPos()); }
;

// --- types ---

type:
  good_type
| error                         { RECOVERED; $$ = s.b.MakeBad(s.Here()); }
;

good_type:
  named_type
| bracket_type
| other_type
;

// Types that do not start with `[`, nor with the `(` of a result list.
other_type:
  MUL type                      { $$ = s.b.MakeStar($1, $2); }
| LPAREN type RPAREN            { $$ = s.b.MakeParen($1, $2, $3); }
| keyword_type
;

// A type that starts with a keyword or an arrow.
keyword_type:
  chan_type
| recv_chan_type
| map_type
| struct_type
| interface_type
| func_type
;

named_type:
  NAME  %prec SHORTEST          { $$ = s.b.MakeIdent($1); }
| NAME PERIOD NAME  %prec SHORTEST
                                { $$ = s.b.MakeQualified($1, $3); }
| NAME LBRACK types opt_comma RBRACK
                { $$ = s.b.MakeIndex(s.b.MakeIdent($1), $2, $3, $5); }
| NAME PERIOD NAME LBRACK types opt_comma RBRACK
                { $$ = s.b.MakeIndex(s.b.MakeQualified($1, $3), $4, $5, $7); }
;

types:
  type                          { $$ = s.b.AddExpr(s.b.StartExprs(), $1); }
| types COMMA type              { $$ = s.b.AddExpr($1, $3); }
;

bracket_type:
  LBRACK RBRACK type    { $$ = s.b.MakeArrayType($1, s.b.NoValue(), $3); }
| LBRACK expr RBRACK type
                        { $$ = s.b.MakeArrayType($1, $2, $4); }
| LBRACK ELLIPSIS RBRACK type {
    Value len = s.b.MakeEllipsis($2, s.b.NoValue());
    $$ = s.b.MakeArrayType($1, len, $4);
  }
;

map_type:
  MAP LBRACK type RBRACK type   { $$ = s.b.MakeMapType($1, $3, $5); }
;

// The arrow goes with the leftmost chan it can (spec, "Channel types").
chan_type:
  CHAN non_recv_type  { $$ = s.b.MakeChanType($1, ChanDir::kBoth, $2); }
| CHAN ARROW type     { $$ = s.b.MakeChanType($1, ChanDir::kSend, $3); }
;

recv_chan_type:
  ARROW CHAN type     { $$ = s.b.MakeChanType($1, ChanDir::kRecv, $3); }
;

non_recv_type:
  named_type
| bracket_type
| MUL type                      { $$ = s.b.MakeStar($1, $2); }
| LPAREN type RPAREN            { $$ = s.b.MakeParen($1, $2, $3); }
| chan_type
| map_type
| struct_type
| interface_type
| func_type
;

func_type:
  FUNC signature                { $$ = s.b.MakeFuncType($1, $2); }
;

signature:
  paren_params results          { $$ = s.b.SetResults($1, $2); }
| error                         { RECOVERED; $$ = s.BadSignature(); }
;

paren_params:
  LPAREN params RPAREN          { $$ = s.b.MakeSignature($1, $2, $3); }
;

results:
  %empty  %prec SHORTEST        { $$ = s.b.StartFields(); }
| named_type                    { $$ = s.b.OneResult($1); }
| bracket_type                  { $$ = s.b.OneResult($1); }
| MUL type                      { $$ = s.b.OneResult(s.b.MakeStar($1, $2)); }
| keyword_type                  { $$ = s.b.OneResult($1); }
| LPAREN params RPAREN
                { $$ = s.b.FinishParams($2, ParamRole::kParams, $3); }
;

params:
  %empty                        { $$ = s.b.StartFields(); }
| param_list opt_comma
| error                         { RECOVERED; $$ = s.b.StartFields(); }
;

param_list:
  param
      { $$ = s.b.AddField(s.b.StartFields(), s.FieldName(), $1); }
| param_list COMMA param
      { $$ = s.b.AddField($1, s.FieldName(), $3); }
;

// A parameter: its type, and its name in s.FieldName(). A lone name is a type
// until the whole list is seen. After `name [` it takes the closing bracket
// and what follows to tell an array type from an instance.
param:
  name_or_type
| ELLIPSIS type {
    $$ = s.b.MakeEllipsis($1, $2);
    s.SetFieldName();
  }
| NAME ELLIPSIS type {
    $$ = s.b.MakeEllipsis($2, $3);
    s.SetFieldName(s.b.MakeIdent($1));
  }
;

name_or_type:
  NAME                    { $$ = s.b.MakeIdent($1); s.SetFieldName(); }
| NAME PERIOD NAME        { $$ = s.b.MakeQualified($1, $3);
                            s.SetFieldName(); }
| NAME PERIOD NAME LBRACK types opt_comma RBRACK {
    $$ = s.b.MakeIndex(s.b.MakeQualified($1, $3), $4, $5, $7);
    s.SetFieldName();
  }
| bracket_type            { $$ = $1; s.SetFieldName(); }
| other_type              { $$ = $1; s.SetFieldName(); }
| name_and_type
| NAME LBRACK exprs opt_comma RBRACK {
    $$ = s.b.MakeIndex(s.b.MakeIdent($1), $2, $3, $5);
    s.SetFieldName();
  }
;

name_and_type:
  NAME named_type         { $$ = $2; s.SetFieldName(s.b.MakeIdent($1)); }
| NAME other_type         { $$ = $2; s.SetFieldName(s.b.MakeIdent($1)); }
| NAME LBRACK RBRACK type {
    $$ = s.b.MakeArrayType($2, s.b.NoValue(), $4);
    s.SetFieldName(s.b.MakeIdent($1));
  }
| NAME LBRACK exprs opt_comma RBRACK type {
    $$ = s.ArrayOfFirst($2, $3, $6);
    s.SetFieldName(s.b.MakeIdent($1));
  }
;

struct_type:
  STRUCT LBRACE RBRACE
                { $$ = s.b.MakeStructType($1, s.b.StartFields(), $3); }
| STRUCT LBRACE fields opt_semi RBRACE
                { $$ = s.b.MakeStructType($1, $3, $5); }
;

fields:
  field
| fields SEMI field             { $$ = s.Longer($1, $3); }
| error                         { RECOVERED; $$ = s.b.StartFields(); }
;

field:
  field_spec
| field_spec STRING {
    s.b.SetTags($1, s.b.MakeRawLit($2, LitKind::kString));
    $$ = $1;
  }
;

field_spec:
  NAME                          { $$ = s.Embedded(s.b.MakeIdent($1)); }
| NAME PERIOD NAME              { $$ = s.Embedded(s.b.MakeQualified($1, $3)); }
| NAME PERIOD NAME LBRACK types opt_comma RBRACK {
    Value type = s.b.MakeIndex(s.b.MakeQualified($1, $3), $4, $5, $7);
    $$ = s.Embedded(type);
  }
| NAME LBRACK exprs opt_comma RBRACK
      { $$ = s.Embedded(s.b.MakeIndex(s.b.MakeIdent($1), $2, $3, $5)); }
| MUL named_type                { $$ = s.Embedded(s.b.MakeStar($1, $2)); }
| name_and_type
      { $$ = s.b.AddField(s.b.StartFields(), s.FieldName(), $1); }
| NAME COMMA names type         { $$ = s.FieldsOf($1, $3, $4); }
;

interface_type:
  INTERFACE LBRACE RBRACE
              { $$ = s.b.MakeInterfaceType($1, s.b.StartFields(), $3); }
| INTERFACE LBRACE elements opt_semi RBRACE
              { $$ = s.b.MakeInterfaceType($1, $3, $5); }
;

elements:
  element
| elements SEMI element         { $$ = s.Longer($1, $3); }
;

element:
  NAME signature
      { $$ = s.b.AddField(s.b.StartFields(), s.b.MakeIdent($1), $2); }
| constraint                    { $$ = s.Embedded($1); }
;

constraint:
  term
| constraint OR term            { $$ = s.b.MakeBinary($1, Op::kOr, $2, $3); }
;

term:
  type
| TILDE type                    { $$ = s.b.MakeUnary(Op::kTilde, $1, $2); }
;

// A constraint that does not start like the rest of an expression.
sure_constraint:
  sure_term
| sure_constraint OR term       { $$ = s.b.MakeBinary($1, Op::kOr, $2, $3); }
;

sure_term:
  named_type
| bracket_type
| keyword_type
| TILDE type                    { $$ = s.b.MakeUnary(Op::kTilde, $1, $2); }
;

// --- expressions ---

exprs:
  expr                          { $$ = s.b.AddExpr(s.b.StartExprs(), $1); }
| exprs COMMA expr              { $$ = s.b.AddExpr($1, $3); }
;

opt_expr: %empty                { $$ = s.b.NoValue(); } | expr;

opt_comma: %empty               { $$ = s.b.NoValue(); } | COMMA;

expr:
  primary
| expr LOR expr                 { $$ = s.b.MakeBinary($1, Op::kLOr, $2, $3); }
| expr LAND expr                { $$ = s.b.MakeBinary($1, Op::kLAnd, $2, $3); }
| expr EQL expr                 { $$ = s.b.MakeBinary($1, Op::kEql, $2, $3); }
| expr NEQ expr                 { $$ = s.b.MakeBinary($1, Op::kNeq, $2, $3); }
| expr LSS expr                 { $$ = s.b.MakeBinary($1, Op::kLss, $2, $3); }
| expr LEQ expr                 { $$ = s.b.MakeBinary($1, Op::kLeq, $2, $3); }
| expr GTR expr                 { $$ = s.b.MakeBinary($1, Op::kGtr, $2, $3); }
| expr GEQ expr                 { $$ = s.b.MakeBinary($1, Op::kGeq, $2, $3); }
| expr ADD expr                 { $$ = s.b.MakeBinary($1, Op::kAdd, $2, $3); }
| expr SUB expr                 { $$ = s.b.MakeBinary($1, Op::kSub, $2, $3); }
| expr OR expr                  { $$ = s.b.MakeBinary($1, Op::kOr, $2, $3); }
| expr XOR expr                 { $$ = s.b.MakeBinary($1, Op::kXor, $2, $3); }
| expr MUL expr                 { $$ = s.b.MakeBinary($1, Op::kMul, $2, $3); }
| expr QUO expr                 { $$ = s.b.MakeBinary($1, Op::kQuo, $2, $3); }
| expr REM expr                 { $$ = s.b.MakeBinary($1, Op::kRem, $2, $3); }
| expr SHL expr                 { $$ = s.b.MakeBinary($1, Op::kShl, $2, $3); }
| expr SHR expr                 { $$ = s.b.MakeBinary($1, Op::kShr, $2, $3); }
| expr AND expr                 { $$ = s.b.MakeBinary($1, Op::kAnd, $2, $3); }
| expr AND_NOT expr           { $$ = s.b.MakeBinary($1, Op::kAndNot, $2, $3); }
| ADD expr  %prec UNARY         { $$ = s.b.MakeUnary(Op::kAdd, $1, $2); }
| SUB expr  %prec UNARY         { $$ = s.b.MakeUnary(Op::kSub, $1, $2); }
| NOT expr  %prec UNARY         { $$ = s.b.MakeUnary(Op::kNot, $1, $2); }
| XOR expr  %prec UNARY         { $$ = s.b.MakeUnary(Op::kXor, $1, $2); }
| AND expr  %prec UNARY         { $$ = s.b.MakeUnary(Op::kAnd, $1, $2); }
| TILDE expr  %prec UNARY       { $$ = s.b.MakeUnary(Op::kTilde, $1, $2); }
| MUL expr  %prec UNARY         { $$ = s.b.MakeStar($1, $2); }
| ARROW expr  %prec UNARY       { $$ = s.b.MakeRecv($1, $2, s.HerePos()); }
;

primary:
  error                         { RECOVERED; $$ = s.b.MakeBad(s.Here()); }
| typeish
| literal_type
| INT                           { $$ = s.b.MakeLit($1, LitKind::kInt); }
| FLOAT                         { $$ = s.b.MakeLit($1, LitKind::kFloat); }
| IMAG                          { $$ = s.b.MakeLit($1, LitKind::kImag); }
| CHAR                          { $$ = s.b.MakeLit($1, LitKind::kChar); }
| STRING                        { $$ = s.b.MakeLit($1, LitKind::kString); }
| LPAREN expr RPAREN            { $$ = s.b.MakeParen($1, $2, $3); }
| LPAREN expr RPAREN composite_body
                                { $$ = s.b.SetParenthesizedType($4, $2); }
| typeish composite_body        { $$ = s.b.SetLiteralType($2, $1); }
| literal_type composite_body   { $$ = s.b.SetLiteralType($2, $1); }
| chan_type
| interface_type
| func_type
| func_type block               { $$ = s.b.MakeFuncLit($1, $2); }
| primary LPAREN RPAREN
      { $$ = s.b.MakeCall($1, $2, s.b.StartExprs(), s.b.NoValue(), $3); }
| primary LPAREN exprs opt_comma RPAREN
      { $$ = s.b.MakeCall($1, $2, $3, s.b.NoValue(), $5); }
| primary LPAREN exprs ELLIPSIS opt_comma RPAREN
      { $$ = s.b.MakeCall($1, $2, $3, $4, $6); }
| primary PERIOD LPAREN type RPAREN
      { $$ = s.b.MakeTypeAssert($1, $3, $4, $5); }
| primary PERIOD LPAREN TYPE RPAREN
      { $$ = s.b.MakeTypeAssert($1, $3, s.b.NoValue(), $5); }
| primary LBRACK opt_expr COLON opt_expr RBRACK
      { $$ = s.b.MakeSlice($1, $2, $3, $5, $6); }
| primary LBRACK opt_expr COLON opt_expr COLON opt_expr RBRACK
      { $$ = s.b.MakeSlice3($1, $2, $3, $5, $6, $7, $8); }
;

// What may be a type's name or an instance, so that `{` may follow.
typeish:
  NAME  %prec SHORTEST          { $$ = s.b.MakeIdent($1); }
| primary PERIOD NAME           { $$ = s.b.MakeSelector($1, $3); }
| primary LBRACK exprs opt_comma RBRACK
                                { $$ = s.b.MakeIndex($1, $2, $3, $5); }
;

literal_type: bracket_type | map_type | struct_type;

composite_body:
  LBRACE RBRACE
      { $$ = s.b.MakeComposite($1, s.b.StartExprs(), $2); }
| LBRACE values opt_comma RBRACE
      { $$ = s.b.MakeComposite($1, $2, $4); }
;

values:
  keyed_value                   { $$ = s.b.AddExpr(s.b.StartExprs(), $1); }
| values COMMA keyed_value      { $$ = s.b.AddExpr($1, $3); }
;

keyed_value:
  value
| value COLON value             { $$ = s.b.MakeKeyValue($1, $2, $3); }
;

value:
  expr
| composite_body
;

// --- statements ---

block:
  LBRACE stmts RBRACE           { $$ = s.b.MakeBlock($1, $2, $3); }
;

body:
  LBODY stmts RBRACE            { $$ = s.b.MakeBlock($1, $2, $3); }
;

stmts:
  stmt                          { $$ = s.b.AddStmt(s.b.StartStmts(), $1); }
| stmts SEMI stmt               { $$ = s.b.AddStmt($1, $3); }
| stmts skipped stmt            { $$ = s.b.AddStmt($1, $3); }
;

// What did not belong to a statement, up to the next.
skipped: error                  { RECOVERED; };

stmt:
  %empty  %prec SHORTEST        { $$ = s.b.NoValue(); }
| simple_stmt
| decl                          { $$ = s.b.MakeDeclStmt($1); }
| NAME COLON stmt {
    s.CheckLabeled($2, $3);
    $$ = s.b.MakeLabeled($1, $3);
  }
| block
| if_stmt
| SWITCH header LBODY cases RBRACE
                                { $$ = s.b.MakeSwitch($1, $2, $3, $4, $5); }
| SELECT LBODY comms RBRACE     { $$ = s.b.MakeSelect($1, $3, $4); }
| FOR for_header body           { $$ = s.b.MakeFor($1, $2, $3); }
| GO primary                    { $$ = s.b.MakeGo($1, $2); }
| DEFER primary                 { $$ = s.b.MakeDefer($1, $2); }
| RETURN  %prec SHORTEST        { $$ = s.b.MakeReturn($1, s.b.StartExprs()); }
| RETURN exprs                  { $$ = s.b.MakeReturn($1, $2); }
| BREAK           { $$ = s.b.MakeBranch($1, BranchKind::kBreak,
                                        s.b.NoValue()); }
| BREAK NAME      { $$ = s.b.MakeBranch($1, BranchKind::kBreak, $2); }
| CONTINUE        { $$ = s.b.MakeBranch($1, BranchKind::kContinue,
                                        s.b.NoValue()); }
| CONTINUE NAME   { $$ = s.b.MakeBranch($1, BranchKind::kContinue, $2); }
| GOTO NAME       { $$ = s.b.MakeBranch($1, BranchKind::kGoto, $2); }
| FALLTHROUGH     { $$ = s.b.MakeBranch($1, BranchKind::kFallthrough,
                                        s.b.NoValue()); }
| script_decl     { $$ = s.b.NoValue(); }
;

// At the top level of a script only.
script_decl:
  FUNC_DECL func_rest   { s.b.AddDecl(s.b.StartDecls(), $2); }
| IMPORT_DECL imports
;

simple_stmt:
  expr                          { $$ = s.b.MakeExprStmt($1); }
| expr ARROW expr               { $$ = s.b.MakeSend($1, $2, $3); }
| expr INC                      { $$ = s.b.MakeIncDec($1, true, $2); }
| expr DEC                      { $$ = s.b.MakeIncDec($1, false, $2); }
| exprs ASSIGN exprs            { $$ = s.b.MakeAssign($1, false, $2, $3); }
| exprs DEFINE exprs            { $$ = s.b.MakeAssign($1, true, $2, $3); }
| expr ADD_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kAdd, $2, $3); }
| expr SUB_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kSub, $2, $3); }
| expr MUL_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kMul, $2, $3); }
| expr QUO_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kQuo, $2, $3); }
| expr REM_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kRem, $2, $3); }
| expr AND_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kAnd, $2, $3); }
| expr OR_ASSIGN expr     { $$ = s.b.MakeOpAssign($1, Op::kOr, $2, $3); }
| expr XOR_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kXor, $2, $3); }
| expr SHL_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kShl, $2, $3); }
| expr SHR_ASSIGN expr    { $$ = s.b.MakeOpAssign($1, Op::kShr, $2, $3); }
| expr AND_NOT_ASSIGN expr
                          { $$ = s.b.MakeOpAssign($1, Op::kAndNot, $2, $3); }
;

opt_simple: %empty              { $$ = s.b.NoValue(); } | simple_stmt;

if_stmt:
  IF header body           { $$ = s.b.MakeIf($1, $2, $3, s.b.NoValue()); }
| IF header body ELSE if_stmt
                           { $$ = s.b.MakeIf($1, $2, $3, $5); }
| IF header body ELSE block
                           { $$ = s.b.MakeIf($1, $2, $3, $5); }
;

header:
  opt_simple                    { $$ = s.b.MakeHeader($1); }
| opt_simple SEMI opt_simple    { $$ = s.b.MakeHeader($1, $2, $3); }
;

for_header:
  opt_simple                    { $$ = s.b.MakeHeader($1); }
| opt_simple SEMI opt_simple SEMI opt_simple
                                { $$ = s.b.MakeForHeader($1, $2, $3, $5); }
| RANGE expr
      { $$ = s.b.MakeRangeHeader(s.b.StartExprs(), false, $1, $2); }
| exprs ASSIGN RANGE expr
      { $$ = s.b.MakeRangeHeader($1, false, $2, $4); }
| exprs DEFINE RANGE expr
      { $$ = s.b.MakeRangeHeader($1, true, $2, $4); }
;

cases:
  %empty                        { $$ = s.b.StartCases(); }
| cases case_clause             { $$ = s.b.AddCase($1, $2); }
| error                         { RECOVERED; $$ = s.b.StartCases(); }
;

case_clause:
  case_kw exprs COLON stmts     { $$ = s.b.MakeCase($1, false, $2, $3, $4); }
| default_kw COLON stmts
      { $$ = s.b.MakeCase($1, true, s.b.StartExprs(), $2, $3); }
;

// Checked before what follows is read.
case_kw: CASE                   { s.b.CheckCaseStart($1); };
default_kw: DEFAULT             { s.b.CheckCaseStart($1); };

comms:
  %empty                        { $$ = s.b.StartComms(); }
| comms comm_clause             { $$ = s.b.AddComm($1, $2); }
| error                         { RECOVERED; $$ = s.b.StartComms(); }
;

comm_clause:
  case_kw simple_stmt COLON stmts
      { $$ = s.b.MakeComm($1, $2, $3, $4); }
| default_kw COLON stmts
      { $$ = s.b.MakeComm($1, s.b.NoValue(), $2, $3); }
;

%%
