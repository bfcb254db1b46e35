package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ObjectKeyTest {

  @Test
  void orderIsThatOfUtf8Bytes() {
    // In UTF-16 the supplementary character would come first.
    ObjectKey halfwidth = new ObjectKey("\uFF61");
    ObjectKey emoji = new ObjectKey("\uD83C\uDF89");
    assertThat(halfwidth).isLessThan(emoji);
    assertThat(halfwidth.value().compareTo(emoji.value())).isPositive();
  }

  @Test
  void orderAgreesWithTheBytesOfRandomKeys() {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 20_000; i++) {
      ObjectKey left = randomKey(random);
      ObjectKey right = randomKey(random);
      assertThat(Integer.signum(left.compareTo(right)))
          .as("%s %s", left, right)
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(left.utf8(), right.utf8())));
    }
  }

  @Test
  void anEmptyTooLongOrBrokenKeyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey(""));
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey("ä".repeat(513)));
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey("a\uD83C"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey("\uDF89a"));
    assertThat(new ObjectKey("ä".repeat(512)).utf8()).hasSize(1024);
  }

  private static ObjectKey randomKey(SplittableRandom random) {
    StringBuilder key = new StringBuilder();
    int length = 1 + random.nextInt(4);
    for (int i = 0; i < length; i++) {
      key.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 'a' + random.nextInt(3);
            case 1 -> 0x80 + random.nextInt(0x700);
            case 2 -> 0xE000 + random.nextInt(0x1FFD);
            default -> 0x10000 + random.nextInt(0x1000);
          });
    }
    return new ObjectKey(key.toString());
  }
}
