package org.vistadr.protect;

import java.util.EnumMap;
import java.util.Map;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.SettingValue;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Every setting of a bucket, asked for one by one. A setting that nobody could tell of is not in
/// the configuration.
///
/// @param config what was answered
/// @param failures what was not answered, and why
public record SettingsRead(BucketConfig config, Map<BucketSetting, StorageException> failures) {

  /// Copies the map.
  public SettingsRead {
    failures = Map.copyOf(failures);
  }

  /// Asks for all of them.
  ///
  /// @throws StorageException when the bucket or the keys are not right, or nothing was answered
  public static SettingsRead of(ObjectStore store) throws StorageException {
    Map<BucketSetting, SettingValue> settings = new EnumMap<>(BucketSetting.class);
    Map<BucketSetting, StorageException> failures = new EnumMap<>(BucketSetting.class);
    for (BucketSetting setting : BucketSetting.values()) {
      try {
        settings.put(setting, store.setting(setting));
      } catch (StorageException e) {
        if (!e.retryable() || failures.size() >= 2 && settings.isEmpty()) {
          throw e;
        }
        failures.put(setting, e);
      }
    }
    return new SettingsRead(new BucketConfig(store.bucket(), settings), failures);
  }
}
