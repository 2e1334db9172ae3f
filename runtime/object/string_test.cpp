#include "runtime/object/string.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/object/test_env.h"

namespace mgo::rt {
namespace {

std::string Text(GoString s) { return std::string(s.View()); }

TEST(StringTest, Concat) {
  GoString parts[] = {StaticString("ab"), StaticString(""), StaticString("cde"),
                      StaticString("f")};
  EXPECT_EQ(Text(ConcatStrings(TestG(), parts, 4)), "abcdef");
  EXPECT_EQ(ConcatStrings(TestG(), parts, 2).ptr, parts[0].ptr);
  EXPECT_EQ(ConcatStrings(TestG(), parts, 0).len, 0);
  EXPECT_EQ(Text(Concat2(TestG(), parts[0], parts[2])), "abcde");
  EXPECT_EQ(Concat2(TestG(), parts[0], parts[1]).ptr, parts[0].ptr);
  EXPECT_EQ(Concat2(TestG(), parts[1], parts[2]).ptr, parts[2].ptr);
}

TEST(StringTest, Compare) {
  EXPECT_LT(CompareStrings(StaticString("a"), StaticString("b")), 0);
  EXPECT_LT(CompareStrings(StaticString("a"), StaticString("ab")), 0);
  EXPECT_GT(CompareStrings(StaticString("\xff"), StaticString("a")), 0);
  EXPECT_EQ(CompareStrings(StaticString(""), GoString{nullptr, 0}), 0);
  EXPECT_TRUE(EqualStrings(StaticString("xy"), StaticString("xy")));
  EXPECT_FALSE(EqualStrings(StaticString("xy"), StaticString("xz")));
}

TEST(StringTest, SliceNeverPointsPastTheEnd) {
  GoString s = StaticString("hello");
  EXPECT_EQ(Text(SliceString(s, 1, 3)), "el");
  EXPECT_EQ(SliceString(s, 5, 5).ptr, s.ptr);
}

TEST(StringTest, Bytes) {
  GoSlice b = BytesFromString(TestG(), StaticString("hello"));
  EXPECT_EQ(b.len, 5);
  EXPECT_EQ(b.cap, 8);
  EXPECT_EQ(b.ptr[5], 0);
  EXPECT_EQ(Text(StringFromBytes(TestG(), b)), "hello");
  EXPECT_NE(BytesFromString(TestG(), StaticString("")).ptr, nullptr);
  EXPECT_EQ(StringFromBytes(TestG(), GoSlice{}).len, 0);
  GoSlice one = {b.ptr + 1, 1, 7};
  EXPECT_EQ(StringFromBytes(TestG(), one).ptr, &kByteTable['e']);
}

TEST(StringTest, DecodeValid) {
  struct Case {
    const char* text;
    int32_t rune;
  };
  for (Case c :
       {Case{"a", 'a'}, Case{"\xc3\xa9", 0xE9}, Case{"\xe4\xb8\x96", 0x4E16},
        Case{"\xf0\x9f\x98\x80", 0x1F600}, Case{"\xef\xbf\xbd", 0xFFFD},
        Case{"\xf4\x8f\xbf\xbf", 0x10FFFF}, Case{"\xed\x9f\xbf", 0xD7FF},
        Case{"\xc2\x80", 0x80}, Case{"\xe0\xa0\x80", 0x800}}) {
    GoString s = StaticString(c.text);
    int32_t rune;
    EXPECT_EQ(DecodeRune(s.ptr, s.len, &rune), s.len);
    EXPECT_EQ(rune, c.rune);
    uint8_t buffer[kMaxRuneBytes];
    int len = EncodeRune(buffer, c.rune);
    EXPECT_EQ(std::string(reinterpret_cast<char*>(buffer), len), c.text);
  }
}

TEST(StringTest, DecodeInvalidIsOneByte) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80",
        "\xe4\xb8", "\xe4\xb8(", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98"}) {
    GoString s = StaticString(text);
    int32_t rune;
    EXPECT_EQ(DecodeRune(s.ptr, s.len, &rune), 1) << text;
    EXPECT_EQ(rune, kRuneError);
  }
}

TEST(StringTest, AllRunesRoundTrip) {
  for (int32_t r = 0; r <= kMaxRune; ++r) {
    if (r >= 0xD800 && r <= 0xDFFF) continue;
    uint8_t buffer[kMaxRuneBytes];
    int len = EncodeRune(buffer, r);
    int32_t back;
    ASSERT_EQ(DecodeRune(buffer, len, &back), len);
    ASSERT_EQ(back, r);
    for (int cut = 1; cut < len; ++cut) {
      ASSERT_EQ(DecodeRune(buffer, cut, &back), 1);
      ASSERT_EQ(back, kRuneError);
    }
  }
}

TEST(StringTest, Runes) {
  GoSlice r =
      RunesFromString(TestG(), StaticString("h\xc3\xa9\xff\xe4\xb8\x96"));
  ASSERT_EQ(r.len, 4);
  EXPECT_EQ(r.cap, 4);
  auto* runes = reinterpret_cast<int32_t*>(r.ptr);
  EXPECT_EQ(runes[1], 0xE9);
  EXPECT_EQ(runes[2], kRuneError);
  EXPECT_EQ(Text(StringFromRunes(TestG(), r)),
            "h\xc3\xa9\xef\xbf\xbd\xe4\xb8\x96");
  int32_t odd[] = {-1, 0xD800, 0x110000, 'x'};
  GoSlice bad = {reinterpret_cast<uint8_t*>(odd), 4, 4};
  EXPECT_EQ(Text(StringFromRunes(TestG(), bad)),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx");
  EXPECT_EQ(CountRunes(StaticString("a\xff\xc3\xa9")), 3);
}

TEST(StringTest, RuneToString) {
  EXPECT_EQ(Text(StringFromRune(TestG(), 'x')), "x");
  EXPECT_EQ(Text(StringFromRune(TestG(), 0)), std::string(1, '\0'));
  EXPECT_EQ(Text(StringFromRune(TestG(), 0x4E16)), "\xe4\xb8\x96");
  EXPECT_EQ(Text(StringFromRune(TestG(), -5)), "\xef\xbf\xbd");
  EXPECT_EQ(Text(StringFromRune(TestG(), int64_t{1} << 40)), "\xef\xbf\xbd");
  EXPECT_EQ(Text(StringFromRune(TestG(), 0xDC00)), "\xef\xbf\xbd");
}

}  // namespace
}  // namespace mgo::rt
