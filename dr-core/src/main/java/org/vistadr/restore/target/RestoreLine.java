package org.vistadr.restore.target;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;

/// The command line that asks for the same again. Pure.
public final class RestoreLine {

  private static final int MOST_KEYS = 5;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,+@%-]+");

  private RestoreLine() {}

  public static String of(RestorePlan plan) {
    return of(plan.request(), plan.moment().at().toString());
  }

  public static String of(RestorePlan.Request request) {
    return of(request, request.at().map(Instant::toString).orElse("latest"));
  }

  private static String of(RestorePlan.Request request, String moment) {
    var words = new ArrayList<String>();
    words.add("vistadr");
    switch (request.goal()) {
      case RestoreGoal.Undo(var restoreId) -> {
        return "vistadr restore undo " + restoreId;
      }
      case RestoreGoal.Undelete(var at) -> {
        words.add("undelete");
        scope(words, request.scope());
        at.ifPresent(since -> option(words, "--deleted-since", since.toString()));
        return String.join(" ", words);
      }
      case RestoreGoal.AsOf _ -> {
        words.add("restore");
        scope(words, request.scope());
        option(words, "--at", moment);
      }
    }
    request.globs().include().forEach(glob -> option(words, "--include", glob));
    request.globs().exclude().forEach(glob -> option(words, "--exclude", glob));
    request.from().ifPresent(site -> option(words, "--from", site.value()));
    switch (request.target()) {
      case RestoreTarget.InPlace() -> {}
      case RestoreTarget.Bucket(var site, var bucket, var prefix) ->
          option(
              words,
              "--to",
              site
                  + bucket.map(name -> "/" + name).orElse(prefix.isEmpty() ? "" : "/")
                  + (prefix.isEmpty() ? "" : "/" + prefix));
      case RestoreTarget.Directory(var path) -> option(words, "--to-dir", path.toString());
    }
    var rules = request.rules();
    if (rules.overwrite() != Overwrite.IF_CHANGED) {
      option(words, "--overwrite", rules.overwrite().text());
    }
    if (rules.onChange() != OnChange.SKIP) {
      option(words, "--on-change", rules.onChange().text());
    }
    flag(words, "--delete-extra", rules.deleteExtra());
    flag(words, "--nearest", rules.nearest());
    flag(words, "--strict", rules.strict());
    var manner = request.manner();
    if (manner.newestFirst()) {
      option(words, "--order", "newest-first");
    }
    manner.first().forEach(prefix -> option(words, "--first", prefix));
    manner.last().forEach(prefix -> option(words, "--last", prefix));
    manner.bytesPerSecond().ifPresent(limit -> option(words, "--max-bandwidth", limit + "B/s"));
    manner.thaw().ifPresent(tier -> option(words, "--thaw", tier.text()));
    return String.join(" ", words);
  }

  private static void scope(List<String> words, RestoreScope scope) {
    switch (scope) {
      case RestoreScope.All() -> words.add("--all");
      case RestoreScope.Parts(var keys, var prefixes) -> {
        prefixes.forEach(prefix -> words.add(quoted(prefix)));
        if (keys.size() > MOST_KEYS) {
          option(words, "--keys-from", "KEYS.txt");
        } else {
          keys.stream().map(ObjectKey::value).forEach(key -> words.add(quoted(key)));
        }
      }
    }
  }

  private static void option(List<String> words, String name, String value) {
    words.add(name);
    words.add(quoted(value));
  }

  private static void flag(List<String> words, String name, boolean given) {
    if (given) {
      words.add(name);
    }
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
