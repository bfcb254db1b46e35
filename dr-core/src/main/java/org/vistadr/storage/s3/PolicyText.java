package org.vistadr.storage.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vistadr.model.ConfigNode;
import org.vistadr.storage.listing.UnprovedAnswer;

/// Bucket policies as trees, and back. To S3 a list of one and the one alone are the same, as are
/// `"Principal": "*"` and `{"AWS": "*"}`; providers write the one or the other. Pure.
final class PolicyText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LISTED = "Statement";

  private PolicyText() {}

  /// @throws UnprovedAnswer when it is no policy
  static ConfigNode read(byte[] json) throws UnprovedAnswer {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      throw new UnprovedAnswer("the policy is no JSON");
    }
    if (root == null || !root.isObject() || !root.has(LISTED)) {
      throw new UnprovedAnswer("the policy has no statements");
    }
    return ConfigNode.of("Policy", members(root));
  }

  private static List<ConfigNode> members(JsonNode object) throws UnprovedAnswer {
    List<ConfigNode> nodes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isArray()) {
        for (JsonNode one : member.getValue()) {
          nodes.add(node(member.getKey(), one));
        }
      } else {
        nodes.add(node(member.getKey(), member.getValue()));
      }
    }
    return nodes;
  }

  private static ConfigNode node(String name, JsonNode value) throws UnprovedAnswer {
    if (value.isObject()) {
      return ConfigNode.of(name, members(value));
    }
    if (!value.isValueNode()) {
      throw new UnprovedAnswer("the policy has a list in a list");
    }
    boolean anybody =
        (name.equals("Principal") || name.equals("NotPrincipal")) && value.asText().equals("*");
    return anybody
        ? ConfigNode.of(name, ConfigNode.leaf("AWS", "*"))
        : ConfigNode.leaf(name, value.asText());
  }

  static byte[] write(ConfigNode policy) {
    try {
      return JSON.writeValueAsString(object(policy)).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode object(ConfigNode node) {
    Map<String, List<JsonNode>> members = new LinkedHashMap<>();
    for (ConfigNode child : node.children()) {
      members
          .computeIfAbsent(child.name(), _ -> new ArrayList<>())
          .add(
              child.children().isEmpty()
                  ? JSON.getNodeFactory().textNode(child.text())
                  : object(child));
    }
    ObjectNode object = JSON.createObjectNode();
    members.forEach((name, values) -> {
      if (values.size() == 1 && !name.equals(LISTED)) {
        object.set(name, values.getFirst());
      } else {
        ArrayNode list = object.putArray(name);
        values.forEach(list::add);
      }
    });
    return object;
  }
}
