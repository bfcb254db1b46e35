package org.vistadr.cli.commands;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.ObjectListing;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr find`
@Command(
    name = "find",
    description = {
      "Keys that match a glob: '**' is anything, '*' anything without '/', '?' one character.",
      "A glob without '/' is looked for in every folder."
    })
final class FindCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(paramLabel = "GLOB", description = "What to look for, in quotes.")
  String glob = "";

  @Option(
      names = "--deleted-since",
      paramLabel = "T",
      description = "Only what was deleted since then, with the time of deletion.")
  Optional<String> deletedSince = Optional.empty();

  @Option(
      names = "--changed-since",
      paramLabel = "T",
      description = "Only what was created or overwritten since then.")
  Optional<String> changedSince = Optional.empty();

  @Option(names = "--at", paramLabel = "T", description = "As of this moment; default now.")
  Optional<String> at = Optional.empty();

  @Mixin DoubtOptions doubt = new DoubtOptions();

  FindCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (deletedSince.isPresent() && changedSince.isPresent()) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "--deleted-since and --changed-since ask for two things")
          .hint("use one of them")
          .tryNext("vistadr find %s --deleted-since '2h ago'".formatted(Keys.quoted(glob)));
    }
    Optional<Instant> moment = at.map(text -> session.moment(text));
    ApiClient.FindQuery query =
        new ApiClient.FindQuery(
            glob,
            deletedSince.map(text -> session.since(text)),
            changedSince.map(text -> session.since(text)),
            moment,
            doubt.doubts());
    ListingOutput output = new ListingOutput(session, cursor -> session.api().find(query, cursor));
    ObjectListing first = output.first();
    if (ListingOutput.isEmpty(first)) {
      CommandFailure nothing =
          CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "nothing matches '%s'%s".formatted(glob, asked()));
      throw first.nearest().isEmpty()
          ? nothing
              .hint("keys are case sensitive; '*' does not match '/', '**' does")
              .tryNext("vistadr ls")
          : nothing
              .hint("there is: " + String.join("  ", first.nearest()))
              .tryNext(
                  first.nearest().stream()
                      .map(near -> "vistadr find " + Keys.quoted(near + "**"))
                      .toList());
    }
    output.write(first);
    return ExitCode.DONE.number();
  }

  private String asked() {
    return deletedSince
        .map(_ -> " and was deleted since then")
        .or(() -> changedSince.map(_ -> " and changed since then"))
        .orElse(at.isPresent() ? " at that time" : "");
  }
}
