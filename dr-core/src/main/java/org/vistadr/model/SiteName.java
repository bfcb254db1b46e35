package org.vistadr.model;

import java.util.regex.Pattern;

/// The name of a site, as configuration, metrics, commands and file names show it.
///
/// @param value 1 to 40 lower-case letters, digits and hyphens, starting with a letter
public record SiteName(String value) implements Comparable<SiteName> {

  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  /// The name of the one primary.
  public static final SiteName PRIMARY = new SiteName("primary");

  /// @throws IllegalArgumentException when the name has another shape
  public SiteName {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a site name is 1 to 40 lower-case letters, digits and hyphens, starting with a letter; got '%s'"
              .formatted(value));
    }
  }

  @Override
  public int compareTo(SiteName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
