package org.vistadr.model;

/// What a bucket answered when it was asked for one setting. These four are different: a setting
/// that is not set can be set, one that is not supported cannot, and of one that may not be read
/// nothing is known.
public sealed interface SettingValue {

  /// It is set.
  ///
  /// @param root holds what it is set to
  record Configured(ConfigNode root) implements SettingValue {}

  /// It is not set.
  record NotSet() implements SettingValue {}

  /// The provider does not have it.
  ///
  /// @param note the provider's code or what it answered instead
  record NotSupported(String note) implements SettingValue {}

  /// The key may not read it, or it did not answer.
  ///
  /// @param note the provider's code
  record NotReadable(String note) implements SettingValue {}

  /// It is not set.
  SettingValue NOT_SET = new NotSet();

  /// Whether it is known what it is set to, if to anything.
  default boolean isKnown() {
    return switch (this) {
      case Configured _, NotSet _ -> true;
      case NotSupported _, NotReadable _ -> false;
    };
  }

  /// `set`, `not-set`, `not-supported` or `not-readable`.
  default String word() {
    return switch (this) {
      case Configured _ -> "set";
      case NotSet _ -> "not-set";
      case NotSupported _ -> "not-supported";
      case NotReadable _ -> "not-readable";
    };
  }

  /// The provider's code; empty where there is none.
  default String note() {
    return switch (this) {
      case Configured _, NotSet _ -> "";
      case NotSupported(String note) -> note;
      case NotReadable(String note) -> note;
    };
  }
}
