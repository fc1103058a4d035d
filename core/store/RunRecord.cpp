// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/RunRecord.h"

#include <ctime>

namespace hayloft {

RunRecord makeRunRecord(SweepPlan plan, SweepResult result, const ModelInfo& model, MachineInfo machine, Shard shard)
{
    const std::time_t now = std::time(nullptr);
    std::tm utc {};
    gmtime_r(&now, &utc);
    char created[32];
    std::strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);

    RunRecord record;
    record.created = created;
    record.hayloftVersion = HAYLOFT_VERSION;
    record.machine = std::move(machine);
    record.model = { model.name, model.sha256, model.parameters, model.latentSize, model.maxTokens, model.precision };
    record.plan = std::move(plan);
    record.result = std::move(result);
    record.shard = shard;
    return record;
}

} // namespace hayloft
