package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AttributeDriftTest {

  @Test
  void whatWasWrittenHasToBeThere() {
    ObjectAttributes written = attributes("image/jpeg", Map.of("owner", "a", "shot", "7"));
    assertThat(AttributeDrift.of(written, written)).isEmpty();
    assertThat(AttributeDrift.of(written, attributes("text/plain", written.userMetadata())))
        .contains("content-type is \"text/plain\", \"image/jpeg\" was written");
    assertThat(AttributeDrift.of(written, attributes("image/jpeg", Map.of("owner", "a"))))
        .contains("x-amz-meta-shot is not there, \"7\" was written");
    assertThat(
            AttributeDrift.of(written, attributes("image/jpeg", Map.of("owner", "b", "shot", "7"))))
        .contains("x-amz-meta-owner is \"b\", \"a\" was written");
  }

  @Test
  void whatAProviderAddsIsNoDrift() {
    assertThat(
            AttributeDrift.of(
                ObjectAttributes.NONE,
                attributes("application/octet-stream", Map.of("mtime", "1"))
                    .withStorageClass(Optional.of("GLACIER"))
                    .withTags(Map.of("tier", "cold"))))
        .isEmpty();
  }

  private static ObjectAttributes attributes(String type, Map<String, String> metadata) {
    return new ObjectAttributes(
        Optional.of(type),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(metadata),
        new TreeMap<>());
  }
}
