#include <stdlib.h>
#include <string.h>
char *volatile held;
int main(void) {
    while (1) {
        held = malloc(1 << 20);
        memset(held, 1, 1 << 20);
    }
}
