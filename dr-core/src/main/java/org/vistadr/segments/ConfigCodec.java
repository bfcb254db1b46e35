package org.vistadr.segments;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.model.BucketConfig;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.SettingValue;

/// Saved bucket configurations as bytes, and back, by the rules of [FactCodec]. Pure.
final class ConfigCodec {

  private ConfigCodec() {}

  static void write(DataOutputStream out, int kind, CatalogFact.BucketConfigs fact)
      throws IOException {
    out.writeByte(kind);
    out.writeLong(fact.changes());
    out.writeInt(fact.versions().size());
    for (ConfigVersion version : fact.versions()) {
      out.writeLong(version.number());
      FactCodec.time(out, version.seenAt());
      FactCodec.text(out, version.config().bucket());
      out.writeBoolean(version.accepted().isPresent());
      if (version.accepted().isPresent()) {
        FactCodec.time(out, version.accepted().get().at());
        FactCodec.text(out, version.accepted().get().who());
        FactCodec.text(out, version.accepted().get().reason());
      }
      out.writeInt(version.config().settings().size());
      for (Map.Entry<BucketSetting, SettingValue> entry : version.config().settings().entrySet()) {
        FactCodec.text(out, entry.getKey().word());
        FactCodec.text(out, entry.getValue().word());
        FactCodec.text(
            out,
            entry.getValue() instanceof SettingValue.Configured(ConfigNode root)
                ? String.join("\n", root.lines())
                : entry.getValue().note());
      }
    }
  }

  static CatalogFact.BucketConfigs read(DataInputStream in) throws IOException {
    long changes = in.readLong();
    List<ConfigVersion> versions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      long number = in.readLong();
      Instant seenAt = FactCodec.time(in);
      String bucket = FactCodec.text(in);
      Optional<ConfigVersion.Acceptance> accepted =
          in.readBoolean()
              ? Optional.of(
                  new ConfigVersion.Acceptance(
                      FactCodec.time(in), FactCodec.text(in), FactCodec.text(in)))
              : Optional.empty();
      Map<BucketSetting, SettingValue> settings = new EnumMap<>(BucketSetting.class);
      for (int more = in.readInt(); more > 0; more--) {
        String word = FactCodec.text(in);
        BucketSetting setting =
            BucketSetting.of(word).orElseThrow(() -> new IOException("a setting " + word));
        settings.put(setting, value(setting, FactCodec.text(in), FactCodec.text(in)));
      }
      versions.add(new ConfigVersion(number, seenAt, new BucketConfig(bucket, settings), accepted));
    }
    return new CatalogFact.BucketConfigs(changes, versions);
  }

  private static SettingValue value(BucketSetting setting, String word, String text)
      throws IOException {
    return switch (word) {
      case "set" ->
          new SettingValue.Configured(ConfigNode.parse(setting.element(), text.lines().toList()));
      case "not-set" -> SettingValue.NOT_SET;
      case "not-supported" -> new SettingValue.NotSupported(text);
      case "not-readable" -> new SettingValue.NotReadable(text);
      default -> throw new IOException("a setting that is " + word);
    };
  }
}
