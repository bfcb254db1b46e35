package org.vistadr.catalog;

import java.sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/// How many rows are found at once, by an array of their numbers: by a join. A condition `=
/// ANY(array)` costs more for each row the longer the array is, since H2 finds the row by its key,
/// and then compares it with all of the array.
final class ByNumber {

  private ByNumber() {}

  /// What follows `FROM`: the rows of a table whose column is one of the numbers of an array
  /// parameter. Numbers that no row has give a row of nulls, for [#found] to leave out: only an
  /// outer join is sure to begin with the numbers, and not with the table.
  ///
  /// @param table with its alias
  /// @param column with the alias, of an index or a primary key
  static String from(String table, String column) {
    return " UNNEST(?) AS n (number) LEFT JOIN " + table + " ON " + column + " = n.number ";
  }

  /// A condition, that a row was found.
  static String found(String column) {
    return column + " IS NOT NULL ";
  }

  /// The parameter.
  static Array numbers(Handle handle, Collection<Long> numbers) throws SQLException {
    return handle.getConnection().createArrayOf("BIGINT", numbers.toArray());
  }
}
