#include "privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace linnet {

bool drop_capabilities(KeepFileAccess keep) {
    constexpr unsigned more_than_there_are = 64;
    const std::uint32_t kept = keep == KeepFileAccess::yes ? std::uint32_t{1} << CAP_DAC_OVERRIDE : 0;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (unsigned capability = 0; capability < more_than_there_are; ++capability)
        if (capability >= 32 || (kept >> capability & 1) == 0) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> now{};
    if (::syscall(SYS_capget, &header, now.data()) != 0) return false;
    const auto left = now[0].permitted & kept;
    const std::array<__user_cap_data_struct, 2> less{{{left, left, 0}, {0, 0, 0}}};
    return ::syscall(SYS_capset, &header, less.data()) == 0;
}

bool refuse_new_privileges() { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }

void keep_memory_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

bool become_owner_of(const std::filesystem::path& folder) {
    struct stat about {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &about) != 0 || about.st_uid == 0) return true;
    const passwd* user = ::getpwuid(about.st_uid);
    const bool groups = user == nullptr ? ::setgroups(0, nullptr) == 0 : ::initgroups(user->pw_name, about.st_gid) == 0;
    return groups && ::setgid(about.st_gid) == 0 && ::setuid(about.st_uid) == 0 && ::setuid(0) != 0;
}

}  // namespace linnet
