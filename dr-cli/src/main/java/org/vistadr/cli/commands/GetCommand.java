package org.vistadr.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.LinkRequest;
import org.vistadr.api.LinkView;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.Moments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr get`: the bytes of a version, whole and compared, or nothing.
@Command(
    name = "get",
    description = "Downloads the bytes that a key had at a moment, or of one version.")
final class GetCommand implements Callable<Integer> {

  private static final Pattern RANGE = Pattern.compile("\\d{1,18}-\\d{0,18}|-\\d{1,18}");

  private final Session session;

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(names = "--at", paramLabel = "T", description = "As of this moment; default now.")
  Optional<String> at = Optional.empty();

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "This version, as 'history' shows it; a beginning that fits one is enough.")
  Optional<String> version = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; '-' is standard output. Default: the key's last part, here.")
  Optional<String> output = Optional.empty();

  @Option(names = "--force", description = "Overwrite an existing file.")
  boolean force;

  @Option(
      names = "--range",
      paramLabel = "A-B",
      description = "Only bytes A to B, from 0; 'A-' is all from A on, '-N' the last N.")
  Optional<String> range = Optional.empty();

  @Option(
      names = "--presign",
      paramLabel = "D",
      converter = DurationConverter.class,
      description = "Instead of the bytes, a link that anybody can read them with for so long.")
  Optional<Duration> presign = Optional.empty();

  @Option(
      names = "--nearest",
      description = "Where no versions were kept at that time: what the scan before saw.")
  boolean nearest;

  GetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (at.isPresent() && version.isPresent()) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "--at and --version name two different things")
          .hint("use one of them");
    }
    range
        .filter(text -> !RANGE.matcher(text).matches())
        .ifPresent(text -> {
          throw CommandFailure.of(
                  ExitCode.USAGE, "usage", "'%s' is not a range of bytes".formatted(text))
              .hint("write it like 0-99, 100- or -100");
        });
    Optional<Instant> moment = at.map(text -> session.moment(text));
    Optional<String> id = version.map(this::wholeVersion);
    if (presign.isPresent()) {
      return link(moment, id, presign.get());
    }
    String target = output.orElse(key.substring(key.lastIndexOf('/') + 1));
    if (target.equals("-")) {
      copy(content(moment, id), session.terminal().out());
      session.terminal().out().flush();
      return ExitCode.DONE.number();
    }
    if (target.isEmpty() || target.equals(".") || target.equals("..")) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "no file name follows from '%s'".formatted(key))
          .hint("name one with -o FILE, or '-' for standard output");
    }
    toFile(Path.of(target), moment, id);
    return ExitCode.DONE.number();
  }

  private ApiClient.ObjectContent content(Optional<Instant> moment, Optional<String> id) {
    ApiClient.ObjectContent content = session.api().content(key, moment, id, nearest, range);
    tell(content.ambiguous());
    return content;
  }

  private void tell(boolean ambiguous) {
    if (ambiguous) {
      session.say(
          "The key may have held something else at that moment: vistadr history "
              + Keys.quoted(key));
    }
  }

  /// History cuts long ids; what it shows is as good as the whole one where it fits one version.
  private String wholeVersion(String given) {
    String beginning = given.endsWith("…") ? given.substring(0, given.length() - 1) : given;
    List<String> known =
        session.api().versions(key).versions().stream()
            .filter(item -> item.kind().equals("content") && item.origin().equals("listed"))
            .map(KeyVersions.Item::versionId)
            .distinct()
            .toList();
    List<String> fitting = known.stream().filter(id -> id.startsWith(beginning)).toList();
    if (known.contains(given) || fitting.isEmpty()) {
      return given;
    }
    if (fitting.size() > 1) {
      throw CommandFailure.of(
              ExitCode.USAGE,
              "version-ambiguous",
              "%d versions of '%s' begin with '%s'".formatted(fitting.size(), key, beginning))
          .hint("write more of the id")
          .tryNext("vistadr history -v " + Keys.quoted(key));
    }
    return fitting.getFirst();
  }

  private int link(Optional<Instant> moment, Optional<String> id, Duration validity) {
    if (output.isPresent() || range.isPresent()) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "--presign makes a link, and no bytes come with it")
          .hint("leave out --output and --range");
    }
    LinkView link =
        session
            .api()
            .link(new LinkRequest(key, moment, id, nearest, Optional.of(validity.toSeconds())));
    tell(link.ambiguous().isPresent());
    if (session.options().json) {
      session.terminal().json(link);
    } else {
      session.terminal().data(link.url());
    }
    session.say(
        "Version %s of %s, %s, at %s. Anybody can read it until %s."
            .formatted(
                link.versionId(),
                Moments.withZone(link.lastModified(), session.zone()),
                Amounts.bytes(link.size()),
                link.site(),
                Moments.withZone(link.expiresAt(), session.zone())));
    return ExitCode.DONE.number();
  }

  private void toFile(Path file, Optional<Instant> moment, Optional<String> id) throws IOException {
    if (Files.exists(file) && !force) {
      throw CommandFailure.of(ExitCode.REFUSED, "file-exists", "%s exists".formatted(file))
          .hint("choose another name with -o, or overwrite it with --force");
    }
    ApiClient.ObjectContent content = content(moment, id);
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    // A broken download must not look like the object.
    Path unfinished = Files.createTempFile(folder, ".vistadr-", ".part");
    try {
      long size;
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        size = copy(content, out);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      session.say(
          "Wrote %s (%s%s)."
              .formatted(
                  Keys.printable(file.toString()),
                  Amounts.bytes(size),
                  content.sha256().isPresent() ? ", checksum compared" : ""));
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private long copy(ApiClient.ObjectContent content, OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    long size = 0;
    try (InputStream body = content.body()) {
      byte[] buffer = new byte[64 * 1024];
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        out.write(buffer, 0, read);
        digest.update(buffer, 0, read);
        size += read;
      }
    }
    if (content.length() >= 0 && content.length() != size) {
      throw broken("%d of %d bytes of '%s' arrived".formatted(size, content.length(), key));
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    if (content.sha256().filter(expected -> !expected.equals(hash)).isPresent()) {
      throw broken("the bytes of '%s' are not those that were recorded".formatted(key));
    }
    return size;
  }

  private static CommandFailure broken(String message) {
    return CommandFailure.of(ExitCode.UNREACHABLE, "body-broken", message)
        .hint("try again; if it stays, the copy at that site is damaged");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
