package org.vistadr.server.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.vistadr.model.PriceList;
import org.vistadr.model.PriceList.ThawPrice;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ProviderPrices;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.SiteConfig;

/// What each site asks for: the section `prices` of the configuration over the list prices of the
/// site's provider. An entry is for a site or for all sites of a provider; that of the site wins.
public final class Prices {

  private final List<ConfigProblem.Finding> findings = new ArrayList<>();

  private Prices() {}

  /// The price lists by site; a site of which nothing is known is left out.
  ///
  /// @throws ConfigProblem with everything that is wrong
  public static Map<SiteName, PriceList> of(DaemonConfiguration configuration, Sites sites) {
    return new Prices().read(configuration.prices(), sites);
  }

  private Map<SiteName, PriceList> read(Map<String, PriceSection> sections, Sites sites) {
    Map<String, PriceList> written = new HashMap<>();
    Set<String> known = new HashSet<>(ProviderProfiles.names());
    sites.all().forEach(site -> known.add(site.name().value()));
    new TreeMap<>(sections)
        .forEach((name, section) -> {
          if (known.contains(name)) {
            list("prices." + name, section).ifPresent(list -> written.put(name, list));
          } else {
            report(
                "prices." + name,
                "it is neither a site nor a provider",
                DidYouMean.closest(name, known)
                    .map("did you mean %s?"::formatted)
                    .orElse(
                        "name a site, or one of " + String.join(", ", ProviderProfiles.names())));
          }
        });
    if (!findings.isEmpty()) {
      throw new ConfigProblem(findings);
    }
    Map<SiteName, PriceList> lists = new HashMap<>();
    for (SiteConfig site : sites.all()) {
      first(
              Optional.ofNullable(written.get(site.name().value())),
              Optional.ofNullable(written.get(site.profile().name())),
              ProviderPrices.of(site.profile()))
          .ifPresent(list -> lists.put(site.name(), list));
    }
    return lists;
  }

  private static Optional<PriceList> first(
      Optional<PriceList> ofSite, Optional<PriceList> ofProvider, Optional<PriceList> builtIn) {
    Optional<PriceList> general =
        ofProvider.map(list -> builtIn.map(list::or).orElse(list)).or(() -> builtIn);
    return ofSite.map(list -> general.map(list::or).orElse(list)).or(() -> general);
  }

  private Optional<PriceList> list(String key, PriceSection section) {
    int before = findings.size();
    if (!section.currency().matches("[A-Z]{3}")) {
      report(key + ".currency", "'%s' is no currency".formatted(section.currency()), "write USD");
    }
    if (section.asOf().isEmpty()) {
      report(key + ".asOf", "it is missing", "say on which day they were right: 2026-11-01");
    }
    section.writesPer1000().ifPresent(price -> check(key + ".writesPer1000", price));
    section.readsPer1000().ifPresent(price -> check(key + ".readsPer1000", price));
    section.egressPerGib().ifPresent(price -> check(key + ".egressPerGiB", price));
    section
        .readPerGib()
        .forEach((storageClass, price) -> check(key + ".readPerGiB." + storageClass, price));
    Map<String, Map<ThawTier, ThawPrice>> thaw = new HashMap<>();
    section
        .thaw()
        .forEach((storageClass, tiers) ->
            thaw.put(storageClass, tiers(key + ".thaw." + storageClass, tiers)));
    return findings.size() > before
        ? Optional.empty()
        : section
            .asOf()
            .map(day ->
                new PriceList(
                    section.currency(),
                    day,
                    "the configuration",
                    section.writesPer1000(),
                    section.readsPer1000(),
                    section.egressPerGib(),
                    section.readPerGib(),
                    thaw));
  }

  private Map<ThawTier, ThawPrice> tiers(String key, Map<String, PriceSection.Thaw> tiers) {
    Map<ThawTier, ThawPrice> prices = new EnumMap<>(ThawTier.class);
    tiers.forEach((word, price) -> {
      var where = key + "." + word;
      var perGib = price.perGib().orElse(BigDecimal.ZERO);
      var perThousand = price.per1000().orElse(BigDecimal.ZERO);
      check(where + ".perGiB", perGib);
      check(where + ".per1000", perThousand);
      try {
        prices.put(
            ThawTier.valueOf(word.toUpperCase(Locale.ROOT)), new ThawPrice(perGib, perThousand));
      } catch (IllegalArgumentException _) {
        report(where, "there is no such tier", "use expedited, standard or bulk");
      }
      if (price.perGib().isEmpty() || price.per1000().isEmpty()) {
        report(where, "perGiB or per1000 is missing", "give both; 0 means that it costs nothing");
      }
    });
    return prices;
  }

  private void check(String key, BigDecimal price) {
    if (price.signum() < 0) {
      report(key, "a price is not negative", "write 0 for what costs nothing");
    }
  }

  private void report(String key, String message, String hint) {
    findings.add(new ConfigProblem.Finding(key, message, hint));
  }
}
