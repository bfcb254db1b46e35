package org.vistadr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetadataTextTest {

  @Test
  void asciiStaysAsItIs() {
    assertThat(MetadataText.encoded("a  b=c?")).isEqualTo("a  b=c?");
    assertThat(MetadataText.decoded("a  b=c?")).isEqualTo("a  b=c?");
  }

  @Test
  void anyTextComesBack() {
    for (String text : new String[] {"ü", "日本 🎉", "tab\there", "x".repeat(500) + "ß", " ä "}) {
      assertThat(MetadataText.encoded(text)).isASCII().doesNotContain("\t");
      assertThat(MetadataText.decoded(MetadataText.encoded(text))).isEqualTo(text);
    }
  }

  @Test
  void wordsOfOthersAreRead() {
    assertThat(MetadataText.decoded("=?UTF-8?q?=C3=9Cn=C3=AF_=E6=97=A5?=")).isEqualTo("Ünï 日");
    assertThat(MetadataText.decoded("=?utf-8?Q?=C3?= =?utf-8?Q?=9C?= plain =?UTF-8?B?w5w=?="))
        .isEqualTo("Ü plain Ü");
    assertThat(MetadataText.decoded("=?ISO-8859-1?Q?=FC?=")).isEqualTo("ü");
  }

  @Test
  void whatIsNoWordStays() {
    for (String text : new String[] {"=?", "=?x?y?z?=", "=?UTF-8?B?*?=", "=?UTF-8?Q?=C3?="}) {
      assertThat(MetadataText.decoded(text)).isEqualTo(text);
    }
  }
}
