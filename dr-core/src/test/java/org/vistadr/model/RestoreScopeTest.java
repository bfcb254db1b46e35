package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RestoreScopeTest {

  @Test
  void whatAnotherPrefixCoversIsLeftOut() {
    var scope =
        new RestoreScope.Parts(
            keys("z", "a/b/c", "a/", "b", "b"), List.of("a/b/", "c/", "a/", "c/"));
    assertThat(scope.prefixes()).containsExactly("a/", "c/");
    assertThat(scope.keys()).isEqualTo(keys("b", "z"));
    assertThat(scope.words()).isEqualTo("2 prefixes and 2 keys");
  }

  @Test
  void prefixesAreSortedByTheirBytes() {
    // U+1F389 sorts before U+FF61 in UTF-16 and behind it in UTF-8.
    var scope = new RestoreScope.Parts(List.of(), List.of("🎉", "｡"));
    assertThat(scope.prefixes()).containsExactly("｡", "🎉");
  }

  @Test
  void aKeyBelongsByItselfOrByItsPrefix() {
    var scope = new RestoreScope.Parts(keys("a"), List.of("p/"));
    assertThat(scope.contains(new ObjectKey("a"))).isTrue();
    assertThat(scope.contains(new ObjectKey("ab"))).isFalse();
    assertThat(scope.contains(new ObjectKey("p/x"))).isTrue();
    assertThat(scope.contains(new ObjectKey("p"))).isFalse();
    assertThat(RestoreScope.ALL.contains(new ObjectKey(".vistadr/catalog/1"))).isFalse();
  }

  @Test
  void anEmptyScopeIsRefused() {
    assertThatThrownBy(() -> new RestoreScope.Parts(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RestoreScope.prefix("")).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<ObjectKey> keys(String... keys) {
    return Stream.of(keys).map(ObjectKey::new).toList();
  }
}
