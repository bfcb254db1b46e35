package org.vistadr.cli.commands;

import java.time.Instant;
import java.util.List;
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

/// `vistadr ls`
@Command(name = "ls", description = "What the bucket holds, or held at a moment.")
final class LsCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Keys that start with it; a folder ends in '/'.")
  String prefix = "";

  @Option(names = "--at", paramLabel = "T", description = "As of this moment; default now.")
  Optional<String> at = Optional.empty();

  @Option(
      names = {"-r", "--recursive"},
      description = "Everything below, not one level.")
  boolean recursive;

  @Option(
      names = "--deleted",
      description = "What had been deleted by then, with the time of deletion.")
  boolean deleted;

  @Mixin DoubtOptions doubt = new DoubtOptions();

  LsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Optional<Instant> moment = at.map(text -> session.moment(text));
    ApiClient.ObjectQuery query =
        new ApiClient.ObjectQuery(
            prefix,
            recursive ? Optional.empty() : Optional.of("/"),
            moment,
            deleted,
            doubt.doubts());
    ListingOutput output =
        new ListingOutput(session, cursor -> session.api().objects(query, cursor));
    ObjectListing first = output.first();
    if (ListingOutput.isEmpty(first)) {
      throw nothing(first.nearest());
    }
    output.write(first);
    return ExitCode.DONE.number();
  }

  private CommandFailure nothing(List<String> nearest) {
    CommandFailure failure =
        CommandFailure.of(
            ExitCode.NOT_FOUND,
            "not-found",
            "nothing %s '%s'".formatted(deleted ? "was deleted under" : "is under", prefix)
                + (at.isPresent() ? " at that time" : ""));
    String when = at.map(text -> " --at " + Keys.quoted(text)).orElse("");
    return nearest.isEmpty()
        ? failure
            .hint("a listing without a prefix shows what there is")
            .tryNext("vistadr ls" + (deleted ? " --deleted" : "") + when)
        : failure
            .hint("there was: " + String.join("  ", nearest))
            .tryNext(
                nearest.stream().map(near -> "vistadr ls " + Keys.quoted(near) + when).toList());
  }
}
