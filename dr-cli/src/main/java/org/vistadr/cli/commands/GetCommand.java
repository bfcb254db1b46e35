package org.vistadr.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr get`: the bytes of a version, whole and compared, or nothing.
@Command(
    name = "get",
    description = "Downloads the bytes that a key had at a moment, or of one version.")
final class GetCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(paramLabel = "KEY", description = "The key.")
  String key = "";

  @Option(names = "--at", paramLabel = "T", description = "As of this moment; default now.")
  Optional<String> at = Optional.empty();

  @Option(
      names = "--version",
      paramLabel = "V",
      description = "This version, as 'history' shows it.")
  Optional<String> version = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; '-' is standard output. Default: the key's last part, here.")
  Optional<String> output = Optional.empty();

  @Option(names = "--force", description = "Overwrite an existing file.")
  boolean force;

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
    Optional<Instant> moment = at.map(text -> session.moment(text));
    String target = output.orElse(key.substring(key.lastIndexOf('/') + 1));
    if (target.equals("-")) {
      copy(session.api().content(key, moment, version), session.terminal().out());
      session.terminal().out().flush();
      return ExitCode.DONE.number();
    }
    if (target.isEmpty() || target.equals(".") || target.equals("..")) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "no file name follows from '%s'".formatted(key))
          .hint("name one with -o FILE, or '-' for standard output");
    }
    toFile(Path.of(target), moment);
    return ExitCode.DONE.number();
  }

  private void toFile(Path file, Optional<Instant> moment) throws IOException {
    if (Files.exists(file) && !force) {
      throw CommandFailure.of(ExitCode.REFUSED, "file-exists", "%s exists".formatted(file))
          .hint("choose another name with -o, or overwrite it with --force");
    }
    ApiClient.ObjectContent content = session.api().content(key, moment, version);
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
