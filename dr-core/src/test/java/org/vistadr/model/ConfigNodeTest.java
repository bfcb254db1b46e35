package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Trees of settings as lines: every one comes back, and the provider's order does not show.
final class ConfigNodeTest {

  private static final List<String> AWKWARD =
      List.of(
          "", " ", "a", "a: b", "a:", "x\ny", "\r\n", "\\", "\\n", "\u0085\u2028", "ü 🎉", "  a");

  @Test
  void everyTreeComesBackFromItsLines() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      ConfigNode tree = tree(random, 0);
      assertThat(ConfigNode.parse(tree.name(), tree.lines())).isEqualTo(tree);
    }
  }

  @Test
  void theOrderOfPartsDoesNotShow() {
    Random random = new Random(8);
    for (int i = 0; i < 500; i++) {
      ConfigNode tree = tree(random, 0);
      assertThat(shuffled(tree, random).sorted(false)).isEqualTo(tree.sorted(false));
    }
  }

  @Test
  void whereTheOrderMeansSomethingItStays() {
    ConfigNode first = ConfigNode.of("CORSRule", ConfigNode.leaf("AllowedOrigin", "a"));
    ConfigNode second = ConfigNode.of("CORSRule", ConfigNode.leaf("AllowedOrigin", "b"));
    ConfigNode one = ConfigNode.of("CORSConfiguration", first, second);
    ConfigNode other = ConfigNode.of("CORSConfiguration", second, first);
    assertThat(config(BucketSetting.CORS, one).differences(config(BucketSetting.CORS, other)))
        .containsExactly(BucketSetting.CORS);
    assertThat(config(BucketSetting.TAGS, one).differences(config(BucketSetting.TAGS, other)))
        .isEmpty();
    assertThat(config(BucketSetting.TAGS, one).digest())
        .isEqualTo(config(BucketSetting.TAGS, other).digest());
  }

  @Test
  void notSetNotSupportedAndNotReadableDiffer() {
    List<SettingValue> values =
        List.of(
            SettingValue.NOT_SET,
            new SettingValue.NotSupported("NotImplemented"),
            new SettingValue.NotReadable("AccessDenied"));
    for (SettingValue one : values) {
      for (SettingValue other : values) {
        assertThat(
                new BucketConfig("b", Map.of(BucketSetting.POLICY, one))
                    .differences(new BucketConfig("b", Map.of(BucketSetting.POLICY, other)))
                    .isEmpty())
            .isEqualTo(one.equals(other));
      }
    }
    // Providers put request ids and the like into their words.
    assertThat(
            new BucketConfig("b", Map.of(BucketSetting.POLICY, new SettingValue.NotReadable("one")))
                .differences(
                    new BucketConfig(
                        "b", Map.of(BucketSetting.POLICY, new SettingValue.NotReadable("two")))))
        .isEmpty();
  }

  @Test
  void oneHoldsAnotherWhenNothingOfItIsMissing() {
    ConfigNode a = ConfigNode.leaf("A", "1");
    ConfigNode b = ConfigNode.leaf("B", "2");
    assertThat(ConfigNode.of("x", a, b).holds(ConfigNode.of("x", b))).isTrue();
    assertThat(ConfigNode.of("x", b).holds(ConfigNode.of("x", a, b))).isFalse();
    assertThat(ConfigNode.of("x", a).holds(ConfigNode.of("x", a, a))).isFalse();
    assertThat(ConfigNode.of("x", ConfigNode.leaf("A", "2")).holds(ConfigNode.of("x", a)))
        .isFalse();
  }

  @Test
  void linesThatAreNoTreeAreRefused() {
    for (List<String> lines : List.of(List.of("    a: b"), List.of("a: b", "  c: d"))) {
      assertThatIllegalArgumentException().isThrownBy(() -> ConfigNode.parse("x", lines));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ConfigNode.parse("x", List.of("a: \\q")));
  }

  private static BucketConfig config(BucketSetting setting, ConfigNode root) {
    return new BucketConfig("b", Map.of(setting, new SettingValue.Configured(root)));
  }

  private static ConfigNode tree(Random random, int depth) {
    List<ConfigNode> children = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String name = AWKWARD.get(2 + random.nextInt(AWKWARD.size() - 2));
      if (depth < 4 && random.nextBoolean()) {
        children.add(tree(random, depth + 1));
      } else {
        children.add(ConfigNode.leaf(name, AWKWARD.get(random.nextInt(AWKWARD.size()))));
      }
    }
    return ConfigNode.of("n" + random.nextInt(3), children);
  }

  private static ConfigNode shuffled(ConfigNode node, Random random) {
    List<ConfigNode> children = new ArrayList<>();
    node.children().forEach(child -> children.add(shuffled(child, random)));
    Collections.shuffle(children, random);
    return node.withChildren(children);
  }
}
