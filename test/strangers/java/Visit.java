// A whole life of people, teams and agents, as a Java application would lead it with the UnboundID SCIM 2 SDK: every
// request is written and every answer read by that library. One line per step: PASS or FAIL, a name, and for a failure
// what the library said. Arguments: base URL, token. Talks to: loopback.

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.GenericScimResource;
import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.exceptions.PreconditionFailedException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.SortOrder;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.EnterpriseUserExtension;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.Name;
import com.unboundid.scim2.common.types.UserResource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;

public class Visit {
  interface Step {
    void run() throws Exception;
  }

  static boolean failed;

  static void step(String name, Step step) {
    try {
      step.run();
      System.out.println("PASS " + name);
    } catch (Throwable problem) {
      failed = true;
      String said = String.valueOf(problem.getMessage()).replaceAll("\\s+", " ");
      System.out.println("FAIL " + name + ": " + problem.getClass().getSimpleName() + ": " + said);
    }
  }

  static void same(Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) throw new AssertionError("expected " + expected + ", got " + actual);
  }

  static <E extends ScimException> E refused(Class<E> kind, Step step) throws Exception {
    try {
      step.run();
    } catch (ScimException problem) {
      if (kind.isInstance(problem)) return kind.cast(problem);
      throw problem;
    }
    throw new AssertionError("it was not refused");
  }

  static UserResource person(String userName, String given, String family) {
    UserResource person = new UserResource().setUserName(userName).setDisplayName(given + " " + family).setActive(true);
    person.setName(new Name().setGivenName(given).setFamilyName(family));
    person.setEmails(new ArrayList<>(List.of(new Email().setValue(userName).setType("work").setPrimary(true))));
    person.setExternalId("x-" + given);
    return person;
  }

  static List<String> names(ListResponse<UserResource> found) {
    return found.getResources().stream().map(UserResource::getDisplayName).collect(Collectors.toList());
  }

  static UserResource ada;
  static UserResource ben;
  static GroupResource team;
  static GenericScimResource agent;

  public static void main(String[] arguments) {
    String token = arguments[1];
    Client client = ClientBuilder.newClient(new ClientConfig().connectorProvider(new Apache5ConnectorProvider()));
    client.register((ClientRequestFilter) request -> request.getHeaders().putSingle("Authorization", "Bearer " + token));
    ScimService scim = new ScimService(client.target(arguments[0]));
    discovery(scim);
    people(scim);
    queries(scim);
    teams(scim);
    agents(scim);
    ends(scim);
    System.exit(failed ? 1 : 0);
  }

  static void discovery(ScimService scim) {
    step("service provider configuration", () -> {
      var configuration = scim.getServiceProviderConfig();
      same(true, configuration.getPatch().isSupported());
      same(true, configuration.getBulk().isSupported());
      same(true, configuration.getEtag().isSupported());
      same("oauthbearertoken", configuration.getAuthenticationSchemes().get(0).getType());
    });
    step("resource types", () -> {
      for (var type : scim.getResourceTypes()) {
        same(type.getId(), type.getName());
        same(type.getEndpoint(), scim.getResourceType(type.getName()).getEndpoint());
        same(type.getSchema().toString(), scim.getSchema(type.getSchema().toString()).getId());
      }
    });
    step("schemas", () -> {
      var schemas = scim.getSchemas();
      if (schemas.getTotalResults() < 5) throw new AssertionError(schemas.getTotalResults() + " schemas");
      for (var schema : schemas) same(schema.getName(), scim.getSchema(schema.getId()).getName());
    });
  }

  static void people(ScimService scim) {
    step("create", () -> {
      UserResource draft = person("ada@acme.example", "Ada", "Byron");
      draft.setExtension(new EnterpriseUserExtension().setDepartment("Engines").setEmployeeNumber("17"));
      ada = scim.create("Users", draft);
      ben = scim.create("Users", person("ben@acme.example", "Ben", "Osei"));
      same("Engines", ada.getExtension(EnterpriseUserExtension.class).getDepartment());
      same("User", ada.getMeta().getResourceType());
      same(true, ada.getMeta().getLocation().toString().endsWith("/Users/" + ada.getId()));
    });
    step("a taken user name is a conflict of uniqueness", () -> {
      var problem = refused(ResourceConflictException.class, () -> scim.create("Users", person("ADA@acme.example", "A", "B")));
      same("uniqueness", problem.getScimError().getScimType());
    });
    step("retrieve", () -> {
      same("Ada", scim.retrieve("Users", ada.getId(), UserResource.class).getName().getGivenName());
      same(ada.getId(), scim.retrieve(ada.getMeta().getLocation(), UserResource.class).getId());
    });
    step("replace, and a replace of what is old by now is refused", () -> {
      UserResource old = scim.retrieve("Users", ada.getId(), UserResource.class);
      UserResource changed = scim.retrieve("Users", ada.getId(), UserResource.class).setTitle("Countess");
      same("Countess", scim.replaceRequest(changed).ifMatch().invoke().getTitle());
      refused(PreconditionFailedException.class, () -> scim.replaceRequest(old.setTitle("Lady")).ifMatch().invoke());
      ada = scim.retrieve("Users", ada.getId(), UserResource.class);
      same("Countess", ada.getTitle());
    });
    step("modify: several attributes in one request", () -> {
      UserResource changed = scim.modifyRequest("Users", ada.getId())
          .replaceValue("title", "Analyst")
          .replaceValue("name.familyName", "Lovelace")
          .replaceValue("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Notes")
          .addValues("emails", new Email().setValue("ada@home.example").setType("home"))
          .invoke(UserResource.class);
      same("Analyst", changed.getTitle());
      same("Lovelace", changed.getName().getFamilyName());
      same("Notes", changed.getExtension(EnterpriseUserExtension.class).getDepartment());
      same(2, changed.getEmails().size());
    });
    step("modify: one value of many by a filter, and a removal", () -> {
      UserResource changed = scim.modifyRequest("Users", ada.getId())
          .replaceValue("emails[type eq \"home\"].value", "lovelace@home.example")
          .removeValues("title")
          .invoke(UserResource.class);
      same(null, changed.getTitle());
      same(true, changed.getEmails().stream().anyMatch(each -> "lovelace@home.example".equals(each.getValue())));
    });
    step("modify: an attribute that no schema has is refused", () ->
        refused(BadRequestException.class, () -> scim.modifyRequest("Users", ada.getId())
            .replaceValue("favourite", "tea").invoke(UserResource.class)));
    step("deactivate and reactivate", () -> {
      same(false, scim.modifyRequest("Users", ben.getId()).replaceValue("active", false).invoke(UserResource.class).getActive());
      same(true, scim.modifyRequest("Users", ben.getId()).replaceValue("active", true).invoke(UserResource.class).getActive());
    });
  }

  static void queries(ScimService scim) {
    step("filters that the library writes", () -> {
      var byName = Filter.eq("userName", "BEN@acme.example");
      same(List.of("Ben Osei"), names(scim.searchRequest("Users").filter(byName).invoke(UserResource.class)));
      var both = Filter.and(Filter.eq("externalId", "x-Ada"), Filter.eq("active", true));
      same(List.of("Ada Byron"), names(scim.searchRequest("Users").filter(both).invoke(UserResource.class)));
      var value = Filter.hasComplexValue("emails", Filter.and(Filter.eq("type", "work"), Filter.sw("value", "ada@")));
      same(List.of("Ada Byron"), names(scim.searchRequest("Users").filter(value).invoke(UserResource.class)));
      var not = Filter.not(Filter.or(Filter.co("displayName", "yron"), Filter.pr("title")));
      same(List.of("Ben Osei"), names(scim.searchRequest("Users").filter(not).invoke(UserResource.class)));
    });
    step("a filter by an attribute that no schema has is refused", () -> {
      var problem = refused(BadRequestException.class, () ->
          scim.searchRequest("Users").filter(Filter.eq("favourite", "tea")).invoke(UserResource.class));
      same("invalidFilter", problem.getScimError().getScimType());
    });
    step("sorted, both ways", () -> {
      same(List.of("Ada Byron", "Ben Osei"), names(scim.searchRequest("Users").sort("displayName", SortOrder.ASCENDING).invoke(UserResource.class)));
      same(List.of("Ben Osei", "Ada Byron"), names(scim.searchRequest("Users").sort("displayName", SortOrder.DESCENDING).invoke(UserResource.class)));
    });
    step("pages by index", () -> {
      var page = scim.searchRequest("Users").sort("displayName", SortOrder.ASCENDING).page(2, 1).invoke(UserResource.class);
      same(List.of("Ben Osei"), names(page));
      same(2, page.getTotalResults());
      same(2, page.getStartIndex());
    });
    step("pages by cursor", () -> {
      var first = scim.searchRequest("Users").firstPageCursorWithCount(1).invoke(UserResource.class);
      var second = scim.searchRequest("Users").pageWithCursor(first.getNextCursor(), 1).invoke(UserResource.class);
      same(null, second.getNextCursor());
      same(false, names(first).equals(names(second)));
    });
    step("a search by POST", () ->
        same(List.of("Ben Osei"), names(scim.searchRequest("Users").filter(Filter.eq("userName", "ben@acme.example")).invokePost(UserResource.class))));
    step("attributes and excludedAttributes", () -> {
      UserResource few = scim.retrieveRequest("Users", ada.getId()).attributes("userName").invoke(UserResource.class);
      same("ada@acme.example", few.getUserName());
      same(null, few.getDisplayName());
      UserResource most = scim.retrieveRequest("Users", ada.getId()).excludedAttributes("userName", "emails").invoke(UserResource.class);
      same(null, most.getUserName());
      same("Ada Byron", most.getDisplayName());
    });
  }

  static void teams(ScimService scim) {
    step("a team with a member", () -> {
      GroupResource draft = new GroupResource().setDisplayName("Engines");
      draft.setMembers(new ArrayList<>(List.of(new Member().setValue(ada.getId()))));
      team = scim.create("Groups", draft);
      same(ada.getId(), scim.retrieve(team).getMembers().get(0).getValue());
    });
    step("members by modify: add, and remove by value", () -> {
      scim.modifyRequest("Groups", team.getId()).addValues("members", new Member().setValue(ben.getId())).invoke(GroupResource.class);
      same(2, scim.retrieve("Groups", team.getId(), GroupResource.class).getMembers().size());
      Path one = Path.root().attribute("members", Filter.eq("value", ada.getId()));
      scim.modifyRequest("Groups", team.getId()).removeValues(one).invoke(GroupResource.class);
      var left = scim.retrieve("Groups", team.getId(), GroupResource.class).getMembers();
      same(List.of(ben.getId()), left.stream().map(Member::getValue).collect(Collectors.toList()));
    });
    step("teams of a person, and a person's teams", () -> {
      var found = scim.searchRequest("Groups").filter(Filter.hasComplexValue("members", Filter.eq("value", ben.getId()))).invoke(GroupResource.class);
      same(1, found.getTotalResults());
      same(team.getId(), scim.retrieve("Users", ben.getId(), UserResource.class).getGroups().get(0).getValue());
    });
    step("a team replaced", () -> {
      GroupResource whole = scim.retrieve("Groups", team.getId(), GroupResource.class).setDisplayName("Looms");
      same("Looms", scim.replace(whole).getDisplayName());
    });
  }

  static void agents(ScimService scim) {
    step("an agent, with the owner it names", () -> {
      ObjectNode draft = JsonNodeFactory.instance.objectNode();
      draft.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:Agent");
      draft.put("agentUserName", "triage").put("displayName", "Triage").put("active", true);
      draft.putArray("owners").addObject().put("value", ada.getId());
      agent = scim.create("Agents", new GenericScimResource(draft));
      same("Triage", agent.getStringValue("displayName"));
      var found = scim.searchRequest("Agents").filter("owners[value eq \"" + ada.getId() + "\"]").invoke(GenericScimResource.class);
      same(1, found.getTotalResults());
    });
    step("an agent modified, its name unique", () -> {
      scim.modifyRequest("Agents", agent.getId()).replaceValue("active", false).invoke(GenericScimResource.class);
      same(false, scim.retrieve("Agents", agent.getId(), GenericScimResource.class).getBooleanValue("active"));
      ObjectNode twin = JsonNodeFactory.instance.objectNode();
      twin.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:Agent");
      twin.put("agentUserName", "TRIAGE");
      refused(ResourceConflictException.class, () -> scim.create("Agents", new GenericScimResource(twin)));
    });
  }

  static void ends(ScimService scim) {
    step("deleted is gone, and the name is free again", () -> {
      scim.delete("Agents", agent.getId());
      scim.delete("Groups", team.getId());
      scim.delete("Users", ada.getId());
      refused(ResourceNotFoundException.class, () -> scim.retrieve("Users", ada.getId(), UserResource.class));
      refused(ResourceNotFoundException.class, () -> scim.delete("Users", ada.getId()));
      same(1, scim.searchRequest("Users").invoke(UserResource.class).getTotalResults());
      UserResource again = scim.create("Users", person("ada@acme.example", "Ada", "King"));
      same(false, again.getId().equals(ada.getId()));
    });
  }
}
