#include <stdio.h>
#include <stdlib.h>
int main(void) {
    puts("41");
    fflush(stdout);
    abort();
}
