package org.vistadr.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.SiteConfig;

/// The sites that a configuration describes, checked and with every default filled in.
///
/// @param primary the protected bucket
/// @param secondaries the buckets that keep copies, in the order of the file
/// @param targets further buckets that restores may write to
public record Sites(SiteConfig primary, List<Secondary> secondaries, List<SiteConfig> targets) {

  /// A secondary and what is particular to it.
  ///
  /// @param site how to reach it
  /// @param objective the lag that is allowed
  /// @param storageClass the class that every copy gets; empty keeps the primary's
  /// @param copiesAtOnce most copies in flight to it
  /// @param retention how long it keeps versions; empty for ever
  /// @param pruneKey the key that may remove versions there
  public record Secondary(
      SiteConfig site,
      Duration objective,
      Optional<String> storageClass,
      int copiesAtOnce,
      Optional<RetentionPolicy> retention,
      Optional<PruneKey> pruneKey) {}

  /// Copies the lists.
  public Sites {
    secondaries = List.copyOf(secondaries);
    targets = List.copyOf(targets);
  }

  /// The sites that the daemon works with all the time, the primary first.
  public List<SiteConfig> all() {
    List<SiteConfig> all = new ArrayList<>();
    all.add(primary);
    secondaries.forEach(secondary -> all.add(secondary.site()));
    return List.copyOf(all);
  }

  /// Every site that has a name, further targets of restores at the end.
  public List<SiteConfig> named() {
    List<SiteConfig> named = new ArrayList<>(all());
    named.addAll(targets);
    return List.copyOf(named);
  }

  /// Reads the sites of a configuration. Opens no connection.
  ///
  /// @param environment where secrets may be
  /// @throws ConfigProblem with everything that is wrong
  public static Sites of(DaemonConfiguration configuration, Map<String, String> environment) {
    List<ConfigProblem.Finding> findings = new ArrayList<>();
    Reader reader = reader(configuration, environment, findings);
    Optional<SiteConfig> primary = configuration.primary().flatMap(reader::primary);
    if (configuration.primary().isEmpty()) {
      reader.report("primary", "the section is missing", "say which bucket is to be protected");
    }
    List<Secondary> secondaries = new ArrayList<>();
    for (int i = 0; i < configuration.secondaries().size(); i++) {
      reader
          .secondary("secondaries[%d]".formatted(i), configuration.secondaries().get(i))
          .ifPresent(secondaries::add);
    }
    if (configuration.secondaries().isEmpty()) {
      reader.report("secondaries", "there is none", "name at least one bucket that keeps copies");
    }
    List<SiteConfig> targets = new ArrayList<>();
    for (int i = 0; i < configuration.targets().size(); i++) {
      reader
          .target("targets[%d]".formatted(i), configuration.targets().get(i))
          .ifPresent(targets::add);
    }
    if (findings.isEmpty() && primary.isPresent()) {
      Sites sites = new Sites(primary.get(), secondaries, targets);
      reader.refuseTwins(sites);
      if (findings.isEmpty()) {
        return sites;
      }
    }
    throw new ConfigProblem(findings);
  }

  /// Reads one secondary and nothing else, so that what the other sites need may be missing. Opens
  /// no connection.
  ///
  /// @param environment where secrets may be
  /// @throws ConfigProblem when there is no such secondary, or what is wrong with it
  public static SiteConfig secondary(
      DaemonConfiguration configuration, Map<String, String> environment, String name) {
    List<ConfigProblem.Finding> findings = new ArrayList<>();
    Reader reader = reader(configuration, environment, findings);
    List<String> names = configuration.secondaries().stream().map(SecondarySection::name).toList();
    int at = names.indexOf(name);
    if (at < 0) {
      throw new ConfigProblem(
          "secondaries",
          "there is no secondary '%s'".formatted(name),
          DidYouMean.closest(name, names)
              .map("did you mean %s?"::formatted)
              .orElse("secondaries are " + String.join(", ", names)));
    }
    Optional<Secondary> secondary =
        reader.secondary("secondaries[%d]".formatted(at), configuration.secondaries().get(at));
    if (findings.isEmpty() && secondary.isPresent()) {
      return secondary.get().site();
    }
    throw new ConfigProblem(findings);
  }

  /// Where a site is, without credentials, for people.
  public static String where(SiteConfig site) {
    return site.endpoint()
        .map(URI::toString)
        .orElse("https://s3.%s.amazonaws.com".formatted(site.region()));
  }

  private static Reader reader(
      DaemonConfiguration configuration,
      Map<String, String> environment,
      List<ConfigProblem.Finding> findings) {
    return new Reader(
        findings,
        new Credentials(environment, findings),
        environment,
        configuration.protection().retention());
  }

  private record Reader(
      List<ConfigProblem.Finding> findings,
      Credentials credentials,
      Map<String, String> environment,
      RetentionSection retention) {

    Optional<SiteConfig> primary(PrimarySection section) {
      return site(
          "primary",
          SiteName.PRIMARY.value(),
          section.provider(),
          section.endpoint(),
          section.useSsl().orElse(true),
          section.region(),
          section.bucket(),
          credentials.find(
              "primary",
              section.credentials(),
              section.accessKey(),
              section.accessKeyFile(),
              section.secretKeyFile(),
              "S3_SECRET_KEY",
              true),
          limits(
              "primary",
              section.requestsAtOnce(),
              section.requestRateLimit(),
              section.bandwidth()));
    }

    Optional<SiteConfig> target(String where, TargetSection section) {
      refusePrimarysName(where, section.name());
      return site(
          where,
          section.name(),
          section.provider(),
          section.endpoint(),
          section.useSsl().orElse(true),
          section.region(),
          section.bucket(),
          credentials.find(
              where,
              section.credentials(),
              section.accessKey(),
              section.accessKeyFile(),
              section.secretKeyFile(),
              section.secretKeyEnv(),
              false),
          limits(where, section.requestsAtOnce(), section.requestRateLimit(), section.bandwidth()));
    }

    private void refusePrimarysName(String where, String name) {
      if (name.equals(SiteName.PRIMARY.value())) {
        report(where + ".name", "'primary' is the name of the primary", "choose another name");
      }
    }

    Optional<Secondary> secondary(String where, SecondarySection section) {
      refusePrimarysName(where, section.name());
      return site(
              where,
              section.name(),
              section.provider(),
              section.endpoint(),
              section.useSsl().orElse(true),
              section.region(),
              section.bucket(),
              credentials.find(
                  where,
                  section.credentials(),
                  section.accessKey(),
                  section.accessKeyFile(),
                  section.secretKeyFile(),
                  section.secretKeyEnv(),
                  false),
              limits(
                  where,
                  Math.max(section.copiesAtOnce(), 1) * 2,
                  section.requestRateLimit(),
                  section.bandwidth()))
          .map(site -> site.withLock(section.objectLock().map(ObjectLockSection::lock)))
          .map(site -> {
            section.storageClass().ifPresent(name -> storageClass(where, site, name));
            return new Secondary(
                site,
                section.objective(),
                section.storageClass(),
                section.copiesAtOnce(),
                section.retention().orElse(retention).policy(),
                section.prune().flatMap(prune -> pruneKey(where + ".prune", prune)));
          });
    }

    private Optional<PruneKey> pruneKey(String where, PruneKeySection section) {
      PruneKey key = new PruneKey(where, section, environment);
      findings.addAll(key.findings());
      return Optional.of(key);
    }

    private Optional<SiteConfig> site(
        String where,
        String name,
        String provider,
        String endpoint,
        boolean useSsl,
        String region,
        String bucket,
        Optional<SiteConfig.Credentials> keys,
        SiteConfig.Limits limits) {
      Optional<SiteName> siteName = name(where, name);
      Optional<Optional<URI>> uri = endpoint(where, endpoint, useSsl);
      if (bucket.isEmpty()) {
        report(where + ".bucket", "it is missing", "name the bucket");
      }
      Optional<ProviderProfile> profile = uri.flatMap(at -> profile(where, provider, at));
      if (profile.isPresent()
          && uri.flatMap(at -> at).isEmpty()
          && !profile.get().name().equals("aws")) {
        report(
            where + ".endpoint",
            "it is missing",
            "write host:port or a URL; only AWS is reached without an endpoint");
        return Optional.empty();
      }
      if (siteName.isEmpty() || uri.isEmpty() || profile.isEmpty() || keys.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new SiteConfig(
              siteName.get(),
              uri.get(),
              region.isEmpty() ? profile.get().defaultRegion() : region,
              bucket,
              keys.get(),
              profile.get(),
              limits));
    }

    private void storageClass(String where, SiteConfig site, String name) {
      if (!site.profile().storageClasses().contains(name)) {
        report(
            where + ".storageClass",
            "%s has no class '%s'".formatted(site.profile().name(), name),
            DidYouMean.closest(name, site.profile().storageClasses())
                .map("did you mean %s?"::formatted)
                .orElse(
                    site.profile().storageClasses().isEmpty()
                        ? "leave it out"
                        : "classes are "
                            + String.join(
                                ", ", site.profile().storageClasses().stream().sorted().toList())));
      }
    }

    private Optional<SiteName> name(String where, String name) {
      try {
        return Optional.of(new SiteName(name));
      } catch (IllegalArgumentException e) {
        report(
            where + ".name", String.valueOf(e.getMessage()), "choose a short name, b2-offsite say");
        return Optional.empty();
      }
    }

    /// Outer empty: it is wrong. Inner empty: AWS' own endpoints.
    private Optional<Optional<URI>> endpoint(String where, String text, boolean useSsl) {
      if (text.isEmpty()) {
        return Optional.of(Optional.empty());
      }
      try {
        URI uri = new URI(text.contains("://") ? text : (useSsl ? "https://" : "http://") + text);
        boolean plain =
            uri.getUserInfo() == null
                && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"))
                && uri.getQuery() == null
                && uri.getFragment() == null;
        if (uri.getHost() == null
            || !plain
            || !(uri.getScheme().equals("https") || uri.getScheme().equals("http"))) {
          throw new URISyntaxException("", "not host:port or http(s)://host:port");
        }
        if (uri.getHost().toLowerCase(Locale.ROOT).equals("s3.amazonaws.com")) {
          return Optional.of(Optional.empty());
        }
        return Optional.of(
            Optional.of(
                new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null)));
      } catch (URISyntaxException e) {
        report(
            where + ".endpoint",
            e.getReason(),
            "write host:port or a URL without path and credentials");
        return Optional.empty();
      }
    }

    private Optional<ProviderProfile> profile(String where, String provider, Optional<URI> at) {
      if (provider.equals("auto")) {
        return Optional.of(ProviderProfiles.guess(at));
      }
      Optional<ProviderProfile> named = ProviderProfiles.byName(provider);
      if (named.isEmpty()) {
        report(
            where + ".provider",
            "'%s' is not known".formatted(provider),
            DidYouMean.closest(provider, ProviderProfiles.names())
                .map("did you mean %s?"::formatted)
                .orElse("use auto or one of " + String.join(", ", ProviderProfiles.names())));
      }
      return named;
    }

    private SiteConfig.Limits limits(
        String where, int requestsAtOnce, long perSecond, Optional<Rate> bandwidth) {
      if (requestsAtOnce < 1 || requestsAtOnce > 1024) {
        report(
            where,
            "requests or copies at once must be 1 to 512",
            "left out, as many are used as the site takes");
      }
      if (perSecond < 0) {
        report(where + ".requestRateLimit", "it is negative", "0 means no ceiling");
      }
      return new SiteConfig.Limits(
          requestsAtOnce, perSecond, bandwidth.map(Rate::bytesPerSecond).orElse(0L));
    }

    private void refuseTwins(Sites sites) {
      Map<String, String> seen = new HashMap<>();
      Map<SiteName, String> names = new HashMap<>();
      List<SiteConfig> named = sites.named();
      int targetsFrom = sites.all().size();
      for (int i = 0; i < named.size(); i++) {
        SiteConfig site = named.get(i);
        String where = "primary";
        if (i >= targetsFrom) {
          where = "targets[%d]".formatted(i - targetsFrom);
        } else if (i > 0) {
          where = "secondaries[%d]".formatted(i - 1);
        }
        String twin =
            seen.putIfAbsent(where(site).toLowerCase(Locale.ROOT) + " " + site.bucket(), where);
        if (twin != null) {
          report(
              where + ".bucket",
              "it is the same bucket as that of %s (%s at %s)"
                  .formatted(twin, site.bucket(), where(site)),
              i >= targetsFrom
                  ? "restores reach it under that name: leave the entry out"
                  : "a copy in the same bucket protects nothing: use another bucket");
        }
        String namesake = names.putIfAbsent(site.name(), where);
        if (namesake != null) {
          report(
              where + ".name",
              "%s has the same name '%s'".formatted(namesake, site.name()),
              "give each site a name of its own");
        }
      }
    }

    void report(String key, String message, String hint) {
      findings.add(new ConfigProblem.Finding(key, message, hint));
    }
  }
}
