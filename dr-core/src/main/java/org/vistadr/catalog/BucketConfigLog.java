package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;

/// What the primary's bucket was set to, version by version. Part of what segments tell, so an
/// adopted catalog has it. Safe for use by many threads.
public final class BucketConfigLog {

  /// So many versions are kept; the newest one that was accepted stays besides.
  public static final int MOST = 200;

  /// So many characters of settings are kept at most, in all versions together.
  private static final long MOST_TEXT = 16L << 20;

  private static final String SELECT =
      "SELECT number, seen_at, bucket, accepted_at, accepted_by, reason FROM bucket_config ";

  private final Store store;

  BucketConfigLog(Store store) {
    this.store = store;
  }

  /// The newest version; empty before the first reading.
  public Optional<ConfigVersion> newest() {
    return store.read(handle -> one(handle, "ORDER BY number DESC LIMIT 1"));
  }

  /// The newest version that somebody accepted.
  public Optional<ConfigVersion> accepted() {
    return store.read(
        handle -> one(handle, "WHERE accepted_at IS NOT NULL ORDER BY number DESC LIMIT 1"));
  }

  /// The version that was in force at a moment, as far as readings tell.
  public Optional<ConfigVersion> at(Instant moment) {
    return store.read(handle ->
        one(handle, "WHERE seen_at <= ? ORDER BY number DESC LIMIT 1", Codes.nanos(moment)));
  }

  /// A version by its number.
  public Optional<ConfigVersion> find(long number) {
    return store.read(handle -> one(handle, "WHERE number = ?", number));
  }

  /// The oldest version that is kept.
  public Optional<ConfigVersion> oldest() {
    return store.read(handle -> one(handle, "ORDER BY number LIMIT 1"));
  }

  /// Versions, newest first.
  ///
  /// @param before only older ones, for paging
  public List<ConfigVersion> list(Optional<Long> before, int limit) {
    return store.read(handle ->
        rows(
            handle,
            "WHERE number < ? ORDER BY number DESC LIMIT ?",
            before.orElse(Long.MAX_VALUE),
            limit));
  }

  /// When it was read last, in the daemon's clock.
  public Optional<Instant> readAt() {
    return store.read(handle ->
        handle
            .select("SELECT bucket_config_read_at FROM catalog_state")
            .map((row, _) -> Codes.optionalInstant(row, 1))
            .one());
  }

  /// Every setting as it was known last: what the newest version does not know is that of an older
  /// one.
  public Optional<BucketConfig> lastKnown() {
    return store.read(handle -> {
      Optional<ConfigVersion> newest = one(handle, "ORDER BY number DESC LIMIT 1");
      if (newest.isEmpty()) {
        return Optional.empty();
      }
      Map<BucketSetting, SettingValue> known = new EnumMap<>(BucketSetting.class);
      handle
          .select(
              """
              SELECT setting, state, note, document FROM bucket_config_setting s
              WHERE number = (SELECT MAX(k.number) FROM bucket_config_setting k
                WHERE k.setting = s.setting AND k.state IN (0, 1))\
              """)
          .map((row, _) -> put(row, 1, known))
          .list();
      return Optional.of(
          newest.get().config().over(new BucketConfig(newest.get().config().bucket(), known)));
    });
  }

  /// Records that it was read, and saves it when it differs from the newest version. The first
  /// version counts as accepted. With reasons the brake is engaged in the same transaction.
  ///
  /// @param seenAt in the primary's clock
  /// @param now in the daemon's clock
  /// @return the version that was saved; empty when nothing differs
  public Optional<ConfigVersion> read(
      BucketConfig config, Instant seenAt, Instant now, List<BrakeReason> reasons) {
    return store.write(handle -> {
      handle.execute("UPDATE catalog_state SET bucket_config_read_at = ?", Codes.nanos(now));
      Optional<ConfigVersion> before = one(handle, "ORDER BY number DESC LIMIT 1");
      boolean same =
          before.isPresent()
              && before.get().config().bucket().equals(config.bucket())
              && before.get().config().settings().keySet().equals(config.settings().keySet())
              && before.get().config().differences(config).isEmpty();
      if (same) {
        return Optional.empty();
      }
      ConfigVersion version =
          new ConfigVersion(
              before.map(ConfigVersion::number).orElse(0L) + 1,
              // A clock that was set back must not put it before the one that it follows.
              before.map(ConfigVersion::seenAt).filter(seenAt::isBefore).orElse(seenAt),
              config,
              before.isEmpty()
                  ? Optional.of(new ConfigVersion.Acceptance(now, "daemon", "the first reading"))
                  : Optional.empty());
      insert(handle, version);
      trim(handle);
      changed(handle);
      BrakeLog.engage(handle, now, reasons);
      return Optional.of(version);
    });
  }

  /// Records that a version is meant.
  ///
  /// @return whether there is such a version
  public boolean accept(long number, ConfigVersion.Acceptance acceptance, AuditEvent event) {
    return store.write(handle -> {
      int rows =
          handle.execute(
              """
              UPDATE bucket_config SET accepted_at = ?, accepted_by = ?, reason = ?
              WHERE number = ?\
              """,
              Codes.nanos(acceptance.at()),
              Codes.cut(acceptance.who(), 200),
              Codes.cut(acceptance.reason(), 2000),
              number);
      if (rows > 0) {
        AuditLog.add(handle, event);
        changed(handle);
      }
      return rows > 0;
    });
  }

  /// All versions as a fact; empty when it was never read.
  static Optional<CatalogFact.BucketConfigs> fact(Handle handle) {
    long changes = changes(handle);
    return changes == 0
        ? Optional.empty()
        : Optional.of(new CatalogFact.BucketConfigs(changes, rows(handle, "ORDER BY number")));
  }

  /// Grows with each change.
  static long changes(Handle handle) {
    return handle
        .select("SELECT bucket_config_changes FROM catalog_state")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  /// Takes all versions of another catalog instead of those that are there.
  static void write(Handle handle, CatalogFact.BucketConfigs fact) {
    handle.execute("DELETE FROM bucket_config_setting");
    handle.execute("DELETE FROM bucket_config");
    fact.versions().forEach(version -> insert(handle, version));
    handle.execute("UPDATE catalog_state SET bucket_config_changes = ?", fact.changes());
  }

  private static void insert(Handle handle, ConfigVersion version) {
    handle.execute(
        """
        INSERT INTO bucket_config (number, seen_at, bucket, accepted_at, accepted_by, reason)
        VALUES (?, ?, ?, ?, ?, ?)\
        """,
        version.number(),
        Codes.nanos(version.seenAt()),
        version.config().bucket(),
        version.accepted().map(accepted -> Codes.nanos(accepted.at())).orElse(null),
        version.accepted().map(ConfigVersion.Acceptance::who).orElse(""),
        version.accepted().map(ConfigVersion.Acceptance::reason).orElse(""));
    version
        .config()
        .settings()
        .forEach((setting, value) ->
            handle.execute(
                """
                INSERT INTO bucket_config_setting (number, setting, state, note, document)
                VALUES (?, ?, ?, ?, ?)\
                """,
                version.number(),
                setting.word(),
                code(value),
                Codes.cut(value.note(), 300),
                value instanceof SettingValue.Configured(ConfigNode root)
                    ? String.join("\n", root.lines())
                    : ""));
  }

  private static void trim(Handle handle) {
    handle.execute(
        """
        DELETE FROM bucket_config WHERE number < (SELECT MAX(number) FROM bucket_config)
          AND number <> (SELECT COALESCE(MAX(number), 0) FROM bucket_config
            WHERE accepted_at IS NOT NULL)
          AND number <= GREATEST((SELECT MAX(number) FROM bucket_config) - ?,
            (SELECT COALESCE(MAX(number), 0) FROM (
              SELECT number, SUM(length) OVER (ORDER BY number DESC) AS total FROM (
                SELECT number, SUM(CHAR_LENGTH(document)) AS length FROM bucket_config_setting
                GROUP BY number) AS sizes) AS sums WHERE total > ?))\
        """,
        MOST,
        MOST_TEXT);
    handle.execute(
        """
        DELETE FROM bucket_config_setting s WHERE NOT EXISTS (
          SELECT 1 FROM bucket_config c WHERE c.number = s.number)\
        """);
  }

  private static void changed(Handle handle) {
    handle.execute("UPDATE catalog_state SET bucket_config_changes = bucket_config_changes + 1");
  }

  private static Optional<ConfigVersion> one(Handle handle, String where, Object... arguments) {
    return rows(handle, where, arguments).stream().findFirst();
  }

  private static List<ConfigVersion> rows(Handle handle, String where, Object... arguments) {
    return handle
        .select(SELECT + where, arguments)
        .map((row, _) -> {
          Optional<Instant> acceptedAt = Codes.optionalInstant(row, 4);
          String who = row.getString(5);
          String reason = row.getString(6);
          return new ConfigVersion(
              row.getLong(1),
              Codes.instant(row.getLong(2)),
              new BucketConfig(row.getString(3), Map.of()),
              acceptedAt.map(at -> new ConfigVersion.Acceptance(at, who, reason)));
        })
        .list()
        .stream()
        .map(version ->
            new ConfigVersion(
                version.number(),
                version.seenAt(),
                new BucketConfig(version.config().bucket(), settings(handle, version.number())),
                version.accepted()))
        .toList();
  }

  private static Map<BucketSetting, SettingValue> settings(Handle handle, long number) {
    Map<BucketSetting, SettingValue> settings = new EnumMap<>(BucketSetting.class);
    handle
        .select(
            """
            SELECT setting, state, note, document FROM bucket_config_setting WHERE number = ?
            ORDER BY setting\
            """,
            number)
        .map((row, _) -> put(row, 1, settings))
        .list();
    return settings;
  }

  /// Settings that a newer program knew are passed over.
  private static boolean put(ResultSet row, int first, Map<BucketSetting, SettingValue> settings)
      throws SQLException {
    Optional<BucketSetting> setting = BucketSetting.of(row.getString(first));
    if (setting.isEmpty()) {
      return false;
    }
    String note = row.getString(first + 2);
    String document = row.getString(first + 3);
    settings.put(
        setting.get(),
        switch (row.getInt(first + 1)) {
          case 0 ->
              new SettingValue.Configured(
                  ConfigNode.parse(setting.get().element(), document.lines().toList()));
          case 1 -> SettingValue.NOT_SET;
          case 2 -> new SettingValue.NotSupported(note);
          default -> new SettingValue.NotReadable(note);
        });
    return true;
  }

  private static int code(SettingValue value) {
    return switch (value) {
      case SettingValue.Configured _ -> 0;
      case SettingValue.NotSet _ -> 1;
      case SettingValue.NotSupported _ -> 2;
      case SettingValue.NotReadable _ -> 3;
    };
  }
}
