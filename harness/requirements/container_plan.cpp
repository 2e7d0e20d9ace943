#include "requirements/container_plan.hpp"

#include "process/engine.hpp"

namespace muster::requirements {
namespace {

using Variables = std::map<std::string, std::string>;

/// What a kind adds to its container: environment of the server, readiness, what services get.
void fill_postgres(const RequirementSpec& spec, const std::string& password, ContainerPlan& plan) {
  plan.env = {{"POSTGRES_USER", spec.role},
              {"POSTGRES_PASSWORD", password},
              {"POSTGRES_DB", spec.database}};
  plan.variables = {{"PGHOST", "127.0.0.1"},
                    {"PGPORT", "{port}"},
                    {"PGUSER", spec.role},
                    {"PGPASSWORD", password},
                    {"PGDATABASE", spec.database},
                    {"DATABASE_URL", "postgresql://" + spec.role + ":" + password +
                                         "@127.0.0.1:{port}/" + spec.database}};
}

void fill_redis(const RequirementSpec&, const std::string&, ContainerPlan& plan) {
  plan.variables = {{"REDIS_URL", "redis://127.0.0.1:{port}/0"}};
}

void fill_supabase(const RequirementSpec& spec, const std::string& password, ContainerPlan& plan) {
  // the image's own scripts make its roles and schemas in the database postgres
  plan.env = {{"POSTGRES_PASSWORD", password}, {"POSTGRES_DB", "postgres"}};
  const std::string url = "postgresql://postgres:" + password + "@127.0.0.1:{port}/postgres";
  plan.variables = {{"SUPABASE_DB_URL", url}, {"DATABASE_URL", url}};
  (void)spec;
}

void fill_n8n(const RequirementSpec&, const std::string& password, ContainerPlan& plan) {
  plan.env = {{"N8N_ENCRYPTION_KEY", password},
              {"N8N_DIAGNOSTICS_ENABLED", "false"},
              {"N8N_PERSONALIZATION_ENABLED", "false"}};
  plan.ready = {{services::ReadyKind::http, "/healthz"}};
  plan.variables = {{"N8N_URL", "http://127.0.0.1:{port}"}};
}

void fill_custom(const RequirementSpec& spec, const std::string&, ContainerPlan& plan) {
  plan.variables = spec.variables;
}

struct Filling {
  std::string_view kind;
  void (*fill)(const RequirementSpec&, const std::string& password, ContainerPlan&);
};

constexpr Filling kFillings[] = {{"postgres", fill_postgres},
                                 {"redis", fill_redis},
                                 {"supabase", fill_supabase},
                                 {"n8n", fill_n8n},
                                 {"custom", fill_custom}};

/// Names of containers have letters, digits, `_`, `.` and `-`.
std::string plain(std::string text) {
  for (char& c : text) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!fits) c = '-';
  }
  return text;
}

}  // namespace

Result<ContainerPlan> plan_container(const RequirementSpec& spec, const ContainerOwner& owner,
                                     const std::string& password) {
  if (spec.image.empty())
    return error("requirement_backing", spec.id + " has no image to run as a container",
                 "image = \"name:tag\"");
  if (spec.container_port == 0)
    return error("requirement_backing", spec.id + " does not say where its container listens",
                 "container_port = 8080");
  ContainerPlan plan;
  plan.name = "muster-" + plain(owner.scope + "-" + owner.project + "-" + spec.id);
  plan.image = spec.image.find(':', spec.image.rfind('/') + 1) == spec.image.npos &&
                       spec.image.find('@') == spec.image.npos
                   ? spec.image + ":latest"
                   : spec.image;
  plan.inner_port = spec.container_port;
  plan.ready = spec.ready;
  for (const Filling& filling : kFillings)
    if (filling.kind == spec.kind) filling.fill(spec, password, plan);
  for (const auto& [name, value] : spec.env) plan.env[name] = value;
  plan.labels = {{std::string(process::kRunLabel), owner.run_id},
                 {std::string(process::kScopeLabel), owner.scope},
                 {"muster.requirement", spec.id}};
  return plan;
}

Json ContainerPlan::body(int port) const {
  const std::string inner = std::to_string(inner_port) + "/tcp";
  Json environment = Json::array();
  for (const auto& [key, value] : env) environment.push_back(key + "=" + value);
  const Json published{{"HostIp", "127.0.0.1"}, {"HostPort", std::to_string(port)}};
  return {{"Image", image},
          {"Env", std::move(environment)},
          {"Labels", labels},
          {"ExposedPorts", {{inner, Json::object()}}},
          {"HostConfig",
           {{"PortBindings", {{inner, Json::array({published})}}},
            {"RestartPolicy", {{"Name", "no"}}},
            {"AutoRemove", false}}}};
}

}  // namespace muster::requirements
