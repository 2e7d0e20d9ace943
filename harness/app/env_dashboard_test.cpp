#include <gmock/gmock.h>

#include "app/env_dashboard_view.hpp"
#include "base/text.hpp"
#include "testing/golden.hpp"

namespace muster::app {
namespace {

using artifacts::Status;

artifacts::Service service(Status status, int port, double started_at) {
  artifacts::Service made;
  made.project = "Main";
  made.status = status;
  made.actual_port = port;
  made.pid = 4'000 + port % 1'000;
  made.started_at = started_at;
  return made;
}

DashboardData sample() {
  DashboardData data;
  data.title = "/srv/app";
  data.kept = true;
  data.state.run_id = "20260102T030405Z-0a1b2c3d";
  data.state.services["Main Api"] = service(Status::running, 8'080, 1'767'323'000);
  data.state.services["Main Web"] = service(Status::starting, 8'081, 1'767'323'044);
  data.state.services["Main Worker with a name of some length"] =
      service(Status::stale, 8'082, 1'767'200'000);
  data.state.services["Main Worker with a name of some length"].failure_detail =
      "pid 4082 has ended: signal 11 (Segmentation fault)";
  data.state.services["Main \xe6\x97\xa5\xe6\x9c\xac"] = service(Status::stopped, 0, 0);
  auto& components = data.state.requirements["Main"].components;
  components["postgres"].success = true;
  components["postgres"].health = "healthy";
  components["postgres"].final_port = 5'432;
  components["redis"].simulated = true;
  components["n8n"].enabled = false;
  data.errors.push_back(
      {"died_before_ready", "Main Worker", "it ended\x1b[2J: signal 11", "", "", ""});
  data.events = {"03:04:05 service.started Main Api", "03:04:06 service.failed Main Worker"};
  return data;
}

constexpr WallTime kNow{1'767'323'045, 0};

TEST(Dashboard, ReadsWellAsText) {
  testing::expect_golden("app/dashboard.txt", draw_dashboard(sample(), {}, kNow));
}

TEST(Dashboard, FitsIntoAnyTerminal) {
  for (std::size_t width : {1, 20, 50, 80, 200}) {
    for (std::size_t height : {0, 4, 10, 50}) {
      DashboardStyle style;
      style.width = width;
      style.height = height;
      const std::string page = draw_dashboard(sample(), style, kNow);
      const auto lines = split(page, '\n');
      if (height > 0) {
        EXPECT_LE(lines.size() - 1, height);
      }
      if (width < 50) continue;  // too narrow for its columns
      for (const std::string& line : lines) EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(Dashboard, ColoursOnlyWhereItMay) {
  DashboardStyle style;
  EXPECT_EQ(draw_dashboard(sample(), style, kNow).find('\x1b'), std::string::npos);
  style.colour = true;
  EXPECT_THAT(draw_dashboard(sample(), style, kNow), ::testing::HasSubstr("\x1b[32mrunning"));
}

}  // namespace
}  // namespace muster::app
