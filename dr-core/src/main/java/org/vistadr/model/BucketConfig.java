package org.vistadr.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a bucket was set to. Two that differ only in the order in which a provider tells them are
/// the same. Immutable.
///
/// @param bucket its name, which policies repeat
/// @param settings what was asked for; what is not in it was not asked for
public record BucketConfig(String bucket, Map<BucketSetting, SettingValue> settings) {

  private static final SettingValue NOT_ASKED = new SettingValue.NotReadable("not asked for");

  /// Copies the map.
  public BucketConfig {
    Map<BucketSetting, SettingValue> copy = new EnumMap<>(BucketSetting.class);
    copy.putAll(settings);
    settings = Collections.unmodifiableMap(copy);
  }

  /// What a setting was.
  public SettingValue value(BucketSetting setting) {
    return settings.getOrDefault(setting, NOT_ASKED);
  }

  /// What a setting was set to; empty when it was not, or when nobody knows.
  public Optional<ConfigNode> configured(BucketSetting setting) {
    return value(setting) instanceof SettingValue.Configured(ConfigNode root)
        ? Optional.of(root)
        : Optional.empty();
  }

  /// A setting as lines that do not depend on the order of the provider's answer.
  public List<String> canonical(BucketSetting setting) {
    return configured(setting)
        .map(root -> root.sorted(setting.ordered()).lines())
        .orElse(List.of());
  }

  /// Settings that differ. What one of the two was not asked for does not.
  public Set<BucketSetting> differences(BucketConfig other) {
    Set<BucketSetting> different = new TreeSet<>();
    for (BucketSetting setting : settings.keySet()) {
      if (other.settings.containsKey(setting)
          && (!value(setting).word().equals(other.value(setting).word())
              || !canonical(setting).equals(other.canonical(setting)))) {
        different.add(setting);
      }
    }
    return different;
  }

  /// The same for configurations without differences.
  public Sha256 digest() {
    List<String> lines = new ArrayList<>();
    settings.forEach((setting, value) -> {
      lines.add(setting.word() + " " + value.word());
      canonical(setting).forEach(line -> lines.add("  " + line));
    });
    byte[] all = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(all, 0, all.length);
  }

  /// The same with settings that are not known taken from an earlier one.
  public BucketConfig over(BucketConfig earlier) {
    Map<BucketSetting, SettingValue> all = new EnumMap<>(BucketSetting.class);
    Arrays.stream(BucketSetting.values())
        .forEach(setting -> {
          if (value(setting).isKnown() || !earlier.settings.containsKey(setting)) {
            if (settings.containsKey(setting)) {
              all.put(setting, value(setting));
            }
          } else {
            all.put(setting, earlier.value(setting));
          }
        });
    return new BucketConfig(bucket, all);
  }
}
