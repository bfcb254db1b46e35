package org.vistadr.cli.commands;

import java.lang.reflect.Constructor;
import java.util.Map;
import picocli.CommandLine;

/// The commands by name, and how one is made.
public final class Commands {

  /// Every command but `demo` and `help`.
  public static final Map<String, Class<?>> BY_NAME =
      Map.ofEntries(
          Map.entry("status", StatusCommand.class),
          Map.entry("check", CheckCommand.class),
          Map.entry("adopt", AdoptCommand.class),
          Map.entry("ls", LsCommand.class),
          Map.entry("history", HistoryCommand.class),
          Map.entry("get", GetCommand.class),
          Map.entry("find", FindCommand.class),
          Map.entry("diff", DiffCommand.class),
          Map.entry("checkpoint", CheckpointCommand.class),
          Map.entry("bucket", BucketCommand.class),
          Map.entry("restore", RestoreCommand.class),
          Map.entry("undelete", UndeleteCommand.class),
          Map.entry("sync", SyncCommand.class),
          Map.entry("held", HeldCommand.class),
          Map.entry("audit", AuditCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("drill", DrillCommand.class),
          Map.entry("prune", PruneCommand.class),
          Map.entry("hold", HoldCommand.class),
          Map.entry("task", TaskCommand.class),
          Map.entry("runbook", RunbookCommand.class),
          Map.entry("config", ConfigCommand.class),
          Map.entry("version", VersionCommand.class),
          Map.entry("health", HealthCommand.class),
          Map.entry("completion", CompletionCommand.class));

  private Commands() {}

  /// Makes commands: one whose constructor wants the session gets it.
  public static CommandLine.IFactory factory(Session session) {
    CommandLine.IFactory fallback = CommandLine.defaultFactory();
    return new CommandLine.IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == Session.class) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(session));
          }
        }
        return fallback.create(type);
      }
    };
  }
}
