package org.vistadr.storage;

/// What a site answers to the request to thaw an object.
public enum ThawAnswer {
  /// It is being thawed, by this request or by an earlier one.
  ASKED,
  /// It has thawed already; it stays so for the days that were asked for.
  READABLE,
  /// It is in no archive, so that it can be read at once.
  NOT_ARCHIVED
}
